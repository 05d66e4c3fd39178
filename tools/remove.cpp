// `hawser rm`.
#include <fmt/format.h>

#include <cstdio>

#include "commands.h"
#include "printable.h"
#include "remote_paths.h"
#include "remote_tree.h"

namespace hawser::tools {
namespace {

using client::Awaitable;

// Bottom up, many at once. Symbolic links are removed, never followed.
Awaitable<std::vector<std::string>> remove_tree(Session session, std::string path) {
  const std::function<void(std::size_t)> nobody;
  const Tree tree = co_await list_remote_tree(session, path, nobody);
  const std::function<void(const TreeItem&)> silent = [](const TreeItem&) {};
  std::vector<std::string> problems = co_await remove_remote_items(session, path, tree.items, silent);
  problems.insert(problems.end(), tree.problems.begin(), tree.problems.end());
  if (!problems.empty()) co_return problems;
  client::SFTPResult<void> removed = co_await session.sftp->remove_directory(path);
  value_or_fail(std::move(removed), printable(path));
  co_return problems;
}

Awaitable<std::vector<std::string>> remove_one(const RemotePath& one, const RemoteOptions& options) {
  std::vector<std::string> problems;
  client::SFTPResult<sftp::Attributes> found = co_await one.session.sftp->lstat(one.path);
  const bool missing = !found && found.error().is(sftp::StatusCode::no_such_file);
  if (missing && options.force) co_return problems;
  const sftp::Attributes attributes = value_or_fail(std::move(found), printable(one.path));
  if (!sftp::is_directory(attributes)) {
    client::SFTPResult<void> removed = co_await one.session.sftp->remove(one.path);
    value_or_fail(std::move(removed), printable(one.path));
  } else if (!options.recursive) {
    throw Failure{operation_failed, printable(one.path) + " is a directory: use -r"};
  } else if (last_name(one.path).empty() || last_name(one.path) == "/") {
    throw Failure{operation_failed, printable(one.path) + ": this would remove everything; name what is to go"};
  } else {
    problems = co_await remove_tree(one.session, one.path);
  }
  co_return problems;
}

// Each URL gets its turn, whatever became of the others.
Awaitable<void> remove_all(Sessions& sessions, RemoteOptions options) {
  std::size_t failures = 0;
  for (const std::string& url : options.urls) {
    const std::vector<std::string> alone{url};
    try {
      const std::vector<RemotePath> paths = co_await expand_urls(sessions, alone);
      for (const RemotePath& one : paths) {
        const std::vector<std::string> problems = co_await remove_one(one, options);
        for (const std::string& problem : problems) fmt::print(stderr, "hawser rm: {}\n", problem);
        failures += problems.size();
      }
    } catch (const Failure& failure) {
      if (failure.exit_code != operation_failed) throw;
      fmt::print(stderr, "hawser rm: {}\n", failure.text);
      ++failures;
    }
  }
  if (failures != 0) throw Failure{operation_failed, ""};
}

}  // namespace

int rm(const RemoteOptions& options) {
  return run_command("rm", options.connect, [&](Sessions& sessions) { return remove_all(sessions, options); });
}

}  // namespace hawser::tools
