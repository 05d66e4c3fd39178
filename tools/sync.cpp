// `hawser sync`: makes what is below one directory the same as what is below another, one way.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <asio/this_coro.hpp>

#include <algorithm>
#include <cerrno>

#include "commands.h"
#include "copy.h"
#include "hawser/sftp/path.h"
#include "printable.h"
#include "remote_paths.h"
#include "remote_tree.h"
#include "sync_plan.h"
#include "work_group.h"

namespace hawser::tools {
namespace {

using client::Awaitable;

// Both directories. In a dry run the target may be absent.
struct Sides {
  Direction direction;
  Session session;
  std::string remote;
  std::string local_path;
  std::shared_ptr<LocalTree> local;
  bool remote_exists = true;
};

// Takes a download, and compares instead of storing: its pieces may come in any order.
class ComparingSink final : public client::DataSink {
 public:
  explicit ComparingSink(int fd) : fd_(fd) {}

  Result<void> write_at(std::uint64_t offset, std::span<const Bytes> pieces) override {
    for (const Bytes piece : pieces) {
      own_.resize(piece.size());
      const ssize_t count = ::pread(fd_, own_.data(), own_.size(), static_cast<off_t>(offset));
      if (count != static_cast<ssize_t>(piece.size()) || !std::ranges::equal(own_, piece)) {
        differs_ = true;
        return Error(Errc::file_error, "contents differ");
      }
      offset += piece.size();
    }
    return {};
  }
  bool differs() const { return differs_; }

 private:
  int fd_;
  ByteVector own_;
  bool differs_ = false;
};

// Adds the file to `copies` unless both sides have the same bytes.
Awaitable<void> compare(Sides& sides, const TreeItem& item, std::vector<TreeItem>& copies, Report& report) {
  const std::shared_ptr<LocalDescriptor> folder = sides.local->folder(parent_of(item.path));
  const std::string name = last_name(item.path);
  const LocalDescriptor file(::openat(folder->fd(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  ComparingSink sink(file.fd());
  client::TransferOptions options;
  options.progress = [&report, last = std::uint64_t{0}](std::uint64_t done, std::optional<std::uint64_t>) mutable {
    report.progress().moved(done - last);
    last = done;
  };
  const std::string remote = sftp::join_path(sides.remote, item.path);
  client::SFTPResult<std::uint64_t> read = co_await sides.session.sftp->get(remote, sink, options);
  report.progress().file_done();
  const bool same = read && *read == item.attributes.size.value_or(0);
  if (same) {
    report.unchanged(1);
  } else if (read || sink.differs()) {
    copies.push_back(item);
  } else if (read.error().from_server()) {
    report.failed(printable(remote) + ": " + read.error().message());
  } else {
    value_or_fail(std::move(read), printable(remote));
  }
}

Awaitable<void> compare_all(Sides& sides, SyncPlan& plan, const SyncOptions& options, Report& report) {
  std::uint64_t bytes = 0;
  for (const TreeItem& item : plan.in_doubt) bytes += item.attributes.size.value_or(0);
  report.progress().begin(plan.in_doubt.size(), bytes);
  report.progress().name("compared");
  const auto group = std::make_shared<WorkGroup>(sides.session.sftp->executor(), options.files_in_flight);
  for (const TreeItem& item : plan.in_doubt) {
    co_await group->wait_for_room();
    group->start(compare(sides, item, plan.copies, report));
  }
  co_await group->wait_for_all();
  report.progress().end();
  std::ranges::sort(plan.copies, {}, &TreeItem::path);
}

bool local_exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

Awaitable<Sides> open_sides(Sessions& sessions, const SyncOptions& options) {
  const bool from_server = is_url(options.source);
  if (from_server == is_url(options.target)) {
    throw Failure{usage_error, "one of the two directories must be a URL, and the other a local one"};
  }
  const client::Url url = parse_url(from_server ? options.source : options.target);
  Sides sides{from_server ? Direction::get : Direction::put, {},      remote_path(url),
              from_server ? options.target : options.source, nullptr, true};
  if (!from_server) sides.local = std::make_shared<LocalTree>(sides.local_path);
  sides.session = co_await sessions.to(url);
  client::SFTPResult<sftp::Attributes> there = co_await sides.session.sftp->stat(sides.remote);
  const bool absent = !there && there.error().is(sftp::StatusCode::no_such_file);
  if (absent && !from_server) {
    sides.remote_exists = false;
  } else if (!sftp::is_directory(value_or_fail(std::move(there), printable(sides.remote)))) {
    throw Failure{operation_failed, printable(sides.remote) + " is not a directory"};
  }
  if (from_server && (local_exists(sides.local_path) || !options.dry_run)) {
    sides.local = std::make_shared<LocalTree>(sides.local_path, true);
  }
  if (!sides.remote_exists && !options.dry_run) {
    co_await ensure_remote_directory(sides.session, sides.remote);
    sides.remote_exists = true;
  }
  co_return sides;
}

Awaitable<SyncPlan> make_plan(Sides& sides, const SyncOptions& options, Report& report) {
  Tree remote, local;
  const std::function<void(std::size_t)> found = [&](std::size_t count) {
    report.progress().say(fmt::format("looking into {}: {} names", printable(sides.remote), count));
  };
  if (sides.remote_exists) remote = co_await list_remote_tree(sides.session, sides.remote, found);
  if (sides.local) local = sides.local->list();
  const bool from_server = sides.direction == Direction::get;
  const Tree& source = from_server ? remote : local;
  const Tree& target = from_server ? local : remote;
  for (const Tree* tree : {&source, &target}) {
    for (const std::string& problem : tree->problems) report.failed(problem);
  }
  SyncRules rules{options.remove, options.compare_contents};
  if (rules.remove && !source.problems.empty()) {
    report.failed("nothing is removed, since the source could not be read completely");
    rules.remove = false;
  }
  SyncPlan plan = plan_sync(source.items, target.items, rules);
  report.unchanged(plan.unchanged);
  report.left_out(plan.left_out);
  for (const std::string& path : plan.in_way) {
    report.failed(printable(path) + ": the target has another kind of file of that name; --delete replaces it");
  }
  if (!plan.in_doubt.empty()) co_await compare_all(sides, plan, options, report);
  co_return plan;
}

void show(const SyncPlan& plan, Report& report) {
  for (const TreeItem& item : plan.removals) report.would("remove", item.path);
  for (const TreeItem& item : plan.folders) report.would("mkdir", item.path);
  for (const TreeItem& item : plan.copies) report.would("copy", item.path);
}

void remove_locally(LocalTree& tree, std::vector<TreeItem> items, Report& report) {
  // What is in a directory has a longer path than it.
  std::ranges::stable_sort(items, std::ranges::greater(), [](const TreeItem& item) { return item.path.size(); });
  for (const TreeItem& item : items) {
    try {
      tree.remove(item);
      report.removed(tree.shown(item.path));
    } catch (const Failure& failure) {
      report.failed(failure.text);
    }
  }
}

Awaitable<void> remove_remotely(Sides& sides, std::vector<TreeItem> items, Report& report) {
  const std::function<void(const TreeItem&)> removed = [&](const TreeItem& item) {
    report.removed(sftp::join_path(sides.remote, item.path));
  };
  const std::vector<std::string> problems = co_await remove_remote_items(sides.session, sides.remote, items, removed);
  for (const std::string& problem : problems) report.failed(problem);
}

Awaitable<void> carry_out(Sessions& sessions, Sides& sides, SyncPlan& plan, const SyncOptions& options,
                          Report& report) {
  const bool from_server = sides.direction == Direction::get;
  if (from_server) {
    remove_locally(*sides.local, plan.removals, report);
    for (const TreeItem& item : plan.folders) sides.local->make_directory(item.path);
  } else {
    co_await remove_remotely(sides, plan.removals, report);
    co_await make_remote_folders(sides.session, sides.remote, plan.folders);
  }
  std::vector<CopyJob> jobs;
  for (const TreeItem& item : plan.copies) {
    jobs.push_back({sides.session, sftp::join_path(sides.remote, item.path), sides.local, item.path, item.attributes});
  }
  const CopyRules rules{sides.direction, true, false, options.files_in_flight};
  co_await copy_files(sessions, jobs, rules, report);
  if (from_server) {
    preserve_local_folders(*sides.local, plan.folders);
  } else {
    co_await preserve_remote_folders(sides.session, sides.remote, plan.folders);
  }
}

Awaitable<void> sync_all(Sessions& sessions, SyncOptions options) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Report report(executor, {"sync", options.quiet, options.json});
  Sides sides = co_await open_sides(sessions, options);
  SyncPlan plan = co_await make_plan(sides, options, report);
  if (options.dry_run) {
    show(plan, report);
  } else {
    co_await carry_out(sessions, sides, plan, options, report);
  }
  report.finish();
}

}  // namespace

int sync(const SyncOptions& options) {
  return run_command("sync", options.connect, [&](Sessions& sessions) { return sync_all(sessions, options); });
}

}  // namespace hawser::tools
