#include "copy.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "hawser/sftp/path.h"
#include "printable.h"
#include "remote_paths.h"
#include "remote_tree.h"
#include "work_group.h"

namespace hawser::tools {
namespace {

using client::Awaitable;

std::size_t depth_of(const TreeItem& item) {
  return static_cast<std::size_t>(std::count(item.path.begin(), item.path.end(), '/'));
}

// The local side of a job as the library takes it. The folder stays open for as long as this lives.
struct LocalEnd {
  std::shared_ptr<LocalDescriptor> folder;
  std::string path;

  explicit LocalEnd(const CopyJob& job) : path(job.local) {
    if (!job.tree) return;
    folder = job.tree->folder(parent_of(job.local));
    path = last_name(job.local);
  }
  int directory() const { return folder ? folder->fd() : AT_FDCWD; }
};

// How much of the file the target has; 0 where it is not there.
Awaitable<std::uint64_t> size_there(const CopyJob& job, const LocalEnd& local, Direction direction) {
  if (direction == Direction::get) {
    struct stat status {};
    const bool there = ::fstatat(local.directory(), local.path.c_str(), &status, 0) == 0;
    co_return there&& S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
  }
  const client::SFTPResult<sftp::Attributes> attributes = co_await job.session.sftp->stat(job.remote);
  co_return attributes ? attributes->size.value_or(0) : 0;
}

class Copy {
 public:
  Copy(const CopyJob& job, const CopyRules& rules, Report& report) : job_(job), rules_(rules), report_(report) {}

  Awaitable<void> run() {
    const LocalEnd local(job_);
    const std::uint64_t size = job_.attributes.size.value_or(0);
    std::uint64_t begin = 0;
    if (rules_.resume) {
      begin = co_await size_there(job_, local, rules_.direction);
      if (begin > size) {
        report_.failed(printable(to()) +
                       ": has more bytes than the source, so it is no part of it: remove it, or leave out -a");
        report_.progress().correct_total(-static_cast<std::int64_t>(size));
        co_return;
      }
      report_.progress().correct_total(-static_cast<std::int64_t>(begin));
      if (begin == size && size != 0) {
        report_.progress().file_done();
        report_.unchanged(1);
        co_return;
      }
    }
    report_.progress().name(printable(from()));
    const client::TransferOptions options = transfer_options(local, begin);
    if (rules_.direction == Direction::get) {
      const client::SFTPResult<std::uint64_t> moved =
          co_await job_.session.sftp->get_file(job_.remote, local.path, options);
      end(moved);
    } else {
      const client::SFTPResult<std::uint64_t> moved =
          co_await job_.session.sftp->put_file(local.path, job_.remote, options);
      end(moved);
    }
  }

 private:
  std::string from() const { return rules_.direction == Direction::get ? job_.remote : job_.local_shown(); }
  std::string to() const { return rules_.direction == Direction::get ? job_.local_shown() : job_.remote; }

  client::TransferOptions transfer_options(const LocalEnd& local, std::uint64_t begin) {
    client::TransferOptions options;
    options.preserve = rules_.preserve;
    options.offset = begin;
    if (local.folder) options.local_directory = local.directory();
    options.regular_only = local.folder != nullptr;
    options.progress = [this, last = begin](std::uint64_t done, std::optional<std::uint64_t>) mutable {
      report_.progress().moved(done - last);
      last = done;
    };
    return options;
  }

  void end(const client::SFTPResult<std::uint64_t>& moved) {
    if (moved) return report_.copied(from(), to(), *moved);
    const client::SFTPError& error = moved.error();
    if (!error.from_server() && blame(error.code()) == Blame::closed) {
      throw Failure{connection_failed, printable(from()) + ": " + error.message() + "\nGo on with -a."};
    }
    report_.failed(printable(from()) + ": " + printable(error.message()));
  }

  const CopyJob& job_;
  const CopyRules& rules_;
  Report& report_;
};

Awaitable<void> copy_one(const CopyJob& job, const CopyRules& rules, Report& report) {
  try {
    Copy copy(job, rules, report);
    co_await copy.run();
  } catch (const Failure& failure) {
    if (failure.exit_code != operation_failed) throw;
    report.failed(failure.text);
  }
}

Awaitable<void> copy_all(const std::vector<CopyJob>& jobs, const CopyRules& rules, Report& report) {
  const asio::any_io_executor executor = jobs.front().session.sftp->executor();
  const auto group = std::make_shared<WorkGroup>(executor, rules.files_in_flight);
  for (const CopyJob& job : jobs) {
    co_await group->wait_for_room();
    group->start(copy_one(job, rules, report));
  }
  co_await group->wait_for_all();
}

Awaitable<void> preserve_one(Session session, std::string path, sftp::Attributes attributes) {
  const client::SFTPResult<void> kept = co_await session.sftp->set_attributes(path, attributes);
  static_cast<void>(kept);  // the files are there; a directory of someone else's stays as it is
}

}  // namespace

Awaitable<void> copy_files(Sessions& sessions, std::vector<CopyJob> jobs, CopyRules rules, Report& report) {
  if (jobs.empty()) co_return;
  std::uint64_t bytes = 0;
  for (const CopyJob& job : jobs) bytes += job.attributes.size.value_or(0);
  report.progress().begin(jobs.size(), bytes);
  try {
    co_await copy_all(jobs, rules, report);
  } catch (const Failure&) {
    report.progress().end();
    if (!sessions.interrupted()) throw;
    throw Failure{interrupted, fmt::format("interrupted after {} of {} files; the same command with -a goes on",
                                           report.files(), jobs.size())};
  }
  report.progress().end();
}

Awaitable<void> make_remote_folders(Session session, std::string root, std::vector<TreeItem> items) {
  std::erase_if(items, [](const TreeItem& item) { return !sftp::is_directory(item.attributes); });
  std::ranges::stable_sort(items, {}, depth_of);
  const auto group = std::make_shared<WorkGroup>(session.sftp->executor(), requests_at_once);
  std::size_t depth = 0;
  for (const TreeItem& item : items) {
    if (depth_of(item) != depth) co_await group->wait_for_all();
    depth = depth_of(item);
    co_await group->wait_for_room();
    group->start(ensure_remote_directory(session, sftp::join_path(root, item.path)));
  }
  co_await group->wait_for_all();
}

Awaitable<void> preserve_remote_folders(Session session, std::string root, std::vector<TreeItem> items) {
  const auto group = std::make_shared<WorkGroup>(session.sftp->executor(), requests_at_once);
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    if (!sftp::is_directory(item->attributes)) continue;
    sftp::Attributes kept;
    kept.permissions = item->attributes.permissions;
    if (kept.permissions) *kept.permissions &= sftp::file_mode::rights_mask;
    kept.times = item->attributes.times;
    co_await group->wait_for_room();
    group->start(preserve_one(session, sftp::join_path(root, item->path), kept));
  }
  co_await group->wait_for_all();
}

void preserve_local_folders(LocalTree& tree, const std::vector<TreeItem>& items) {
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    if (sftp::is_directory(item->attributes)) tree.set_attributes(item->path, item->attributes);
  }
}

}  // namespace hawser::tools
