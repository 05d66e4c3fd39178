// `hawser get` and `hawser put`: what the arguments mean becomes a list of files, which is then copied.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <asio/this_coro.hpp>

#include <cerrno>
#include <system_error>

#include "commands.h"
#include "copy.h"
#include "hawser/sftp/path.h"
#include "printable.h"
#include "remote_paths.h"
#include "remote_tree.h"

namespace hawser::tools {
namespace {

using client::Awaitable;

bool local_directory(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

// A whole directory among the sources: its folders get their rights and times when all files are there.
struct TreeSource {
  Session session;
  std::string remote;
  std::shared_ptr<LocalTree> local;
  std::vector<TreeItem> items;
};

struct Plan {
  std::vector<CopyJob> jobs;
  std::vector<TreeSource> trees;
};

void add_tree(Plan& plan, const TreeSource& source, const Tree& tree, Report& report) {
  for (const std::string& problem : tree.problems) report.failed(problem);
  for (const TreeItem& item : tree.items) {
    if (sftp::is_directory(item.attributes)) continue;
    if (sftp::is_regular(item.attributes)) {
      plan.jobs.push_back(
          {source.session, sftp::join_path(source.remote, item.path), source.local, item.path, item.attributes});
    } else {
      report.left_out(1);
    }
  }
  plan.trees.push_back({source.session, source.remote, source.local, tree.items});
}

CopyRules rules_of(const TransferOptions& options, Direction direction) {
  return {direction, options.preserve, options.resume, options.files_in_flight};
}

Failure directory_without_r(const std::string& path) {
  return {operation_failed, printable(path) + " is a directory: use -r"};
}

Awaitable<void> plan_get_tree(Plan& plan, Session session, std::string remote, std::string local, Report& report) {
  const std::function<void(std::size_t)> found = [&](std::size_t count) {
    report.progress().say(fmt::format("looking into {}: {} names", printable(remote), count));
  };
  const Tree tree = co_await list_remote_tree(session, remote, found);
  const TreeSource source{session, remote, std::make_shared<LocalTree>(local, true), {}};
  for (const TreeItem& item : tree.items) {
    if (sftp::is_directory(item.attributes)) source.local->make_directory(item.path);
  }
  add_tree(plan, source, tree, report);
}

Awaitable<void> plan_get(Plan& plan, const TransferOptions& options, const std::vector<RemotePath>& sources,
                         const std::string& destination, Report& report) {
  const bool into = local_directory(destination);
  if (sources.size() > 1 && !into)
    throw Failure{usage_error, destination + " must be a directory: there are several sources"};
  for (const RemotePath& source : sources) {
    client::SFTPResult<sftp::Attributes> found = co_await source.session.sftp->stat(source.path);
    if (!found && found.error().from_server()) {
      report.failed(printable(source.path) + ": " + found.error().message());
      continue;
    }
    const sftp::Attributes attributes = value_or_fail(std::move(found), printable(source.path));
    const std::string name = last_name(source.path);
    const std::string local = into && !name.empty() ? joined(destination, name) : destination;
    if (!sftp::is_directory(attributes)) {
      plan.jobs.push_back({source.session, source.path, nullptr, local, attributes});
    } else if (options.recursive) {
      co_await plan_get_tree(plan, source.session, source.path, local, report);
    } else {
      report.failed(directory_without_r(source.path).text);
    }
  }
}

Awaitable<void> get_all(Sessions& sessions, TransferOptions options) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  std::vector<std::string> urls = options.paths;
  std::string destination = ".";
  if (!is_url(urls.back())) {
    destination = urls.back();
    urls.pop_back();
  }
  if (urls.empty()) throw Failure{usage_error, "a URL to fetch from is missing"};
  Report report(executor, {"get", options.quiet, options.json});
  const std::vector<RemotePath> sources = co_await expand_urls(sessions, urls);
  Plan plan;
  co_await plan_get(plan, options, sources, destination, report);
  const CopyRules rules = rules_of(options, Direction::get);
  co_await copy_files(sessions, plan.jobs, rules, report);
  if (options.preserve) {
    for (const TreeSource& source : plan.trees) preserve_local_folders(*source.local, source.items);
  }
  report.finish();
}

Awaitable<void> plan_put(Plan& plan, const TransferOptions& options, Session session,
                         const std::vector<std::string>& sources, std::string destination, Report& report) {
  const client::SFTPResult<sftp::Attributes> there = co_await session.sftp->stat(destination);
  const bool into = there && sftp::is_directory(*there);
  if (sources.size() > 1 && !into)
    throw Failure{operation_failed, printable(destination) + " must be a directory: there are several sources"};
  for (const std::string& path : sources) {
    const std::string name = last_name(path);
    const std::string remote = into && !name.empty() ? joined(destination, name) : destination;
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
      report.failed(printable(path) + ": " + std::generic_category().message(errno));
    } else if (!S_ISDIR(status.st_mode)) {
      sftp::Attributes attributes;
      attributes.size = static_cast<std::uint64_t>(status.st_size);
      plan.jobs.push_back({session, remote, nullptr, path, attributes});
    } else if (options.recursive) {
      const TreeSource source{session, remote, std::make_shared<LocalTree>(path), {}};
      const Tree tree = source.local->list();
      co_await ensure_remote_directory(session, remote);
      co_await make_remote_folders(session, remote, tree.items);
      add_tree(plan, source, tree, report);
    } else {
      report.failed(directory_without_r(path).text);
    }
  }
}

Awaitable<void> put_all(Sessions& sessions, TransferOptions options) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  std::vector<std::string> sources = options.paths;
  if (sources.size() < 2 || !is_url(sources.back()))
    throw Failure{usage_error, "the last argument must be the URL to store to"};
  const client::Url url = parse_url(sources.back());
  sources.pop_back();
  for (const std::string& source : sources) {
    if (is_url(source)) throw Failure{usage_error, source + " is a URL: put stores local files, get fetches"};
  }
  Report report(executor, {"put", options.quiet, options.json});
  const Session session = co_await sessions.to(url);
  const std::string destination = remote_path(url);
  Plan plan;
  co_await plan_put(plan, options, session, sources, destination, report);
  const CopyRules rules = rules_of(options, Direction::put);
  co_await copy_files(sessions, plan.jobs, rules, report);
  if (options.preserve) {
    for (const TreeSource& source : plan.trees) {
      co_await preserve_remote_folders(source.session, source.remote, source.items);
    }
  }
  report.finish();
}

}  // namespace

int get(const TransferOptions& options) {
  return run_command("get", options.connect, [&](Sessions& sessions) { return get_all(sessions, options); });
}

int put(const TransferOptions& options) {
  return run_command("put", options.connect, [&](Sessions& sessions) { return put_all(sessions, options); });
}

}  // namespace hawser::tools
