#include "remote_tree.h"

#include <algorithm>

#include "hawser/sftp/path.h"
#include "printable.h"
#include "work_group.h"

namespace hawser::tools {
namespace {

using client::Awaitable;

std::size_t depth_of(const std::string& path) {
  return static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
}

// One directory: its entries, those that are directories also to `next`.
Awaitable<void> visit(Session session, std::string root, std::string path, Tree& tree, std::vector<std::string>& next) {
  const std::string remote = path.empty() ? root : sftp::join_path(root, path);
  client::SFTPResult<std::vector<client::DirectoryEntry>> listed = co_await session.sftp->list(remote);
  if (!listed) {
    if (!listed.error().from_server() || path.empty()) value_or_fail(std::move(listed), printable(remote));
    tree.problems.push_back(printable(remote) + ": " + listed.error().message());
    co_return;
  }
  for (client::DirectoryEntry& entry : *listed) {
    const std::string below = path.empty() ? entry.name : path + "/" + entry.name;
    if (!sftp::valid_name(entry.name)) {
      tree.problems.push_back(printable(below) + ": a name that no file can have here");
      continue;
    }
    if (!entry.attributes.permissions) {  // a server that does not tell what its entries are
      const std::string name = sftp::join_path(root, below);
      const client::SFTPResult<sftp::Attributes> attributes = co_await session.sftp->lstat(name);
      if (attributes) entry.attributes = *attributes;
    }
    tree.items.push_back({below, entry.attributes});
    if (sftp::is_directory(entry.attributes)) next.push_back(below);
  }
}

Awaitable<void> remove_one(Session session, std::string remote, const TreeItem& item,
                           std::vector<std::string>& problems, const std::function<void(const TreeItem&)>& removed) {
  client::SFTPResult<void> done;
  if (sftp::is_directory(item.attributes)) {
    client::SFTPResult<void> gone = co_await session.sftp->remove_directory(remote);
    done = std::move(gone);
  } else {
    client::SFTPResult<void> gone = co_await session.sftp->remove(remote);
    done = std::move(gone);
  }
  if (done) {
    removed(item);
  } else {
    if (!done.error().from_server()) value_or_fail(std::move(done), printable(remote));
    problems.push_back(printable(remote) + ": " + done.error().message());
  }
}

}  // namespace

Awaitable<Tree> list_remote_tree(Session session, std::string path, std::function<void(std::size_t)> found) {
  Tree tree;
  std::vector<std::string> level{""};
  for (std::size_t depth = 0; !level.empty(); ++depth) {
    if (depth > tree_depth_limit) throw Failure{operation_failed, printable(path) + ": the tree is too deep"};
    std::vector<std::string> next;
    const auto group = std::make_shared<WorkGroup>(session.sftp->executor(), requests_at_once);
    for (const std::string& folder : level) {
      co_await group->wait_for_room();
      group->start(visit(session, path, folder, tree, next));
    }
    co_await group->wait_for_all();
    if (found) found(tree.items.size());
    level = std::move(next);
  }
  std::ranges::sort(tree.items, {}, &TreeItem::path);
  co_return tree;
}

Awaitable<std::vector<std::string>> remove_remote_items(Session session, std::string root, std::vector<TreeItem> items,
                                                        std::function<void(const TreeItem&)> removed) {
  std::vector<std::string> problems;
  // Files count as deeper than every directory; those of one depth do not depend on each other.
  const auto rank = [](const TreeItem& item) {
    return sftp::is_directory(item.attributes) ? depth_of(item.path) : tree_depth_limit + 1;
  };
  std::ranges::stable_sort(items, std::ranges::greater(), rank);
  auto group = std::make_shared<WorkGroup>(session.sftp->executor(), requests_at_once);
  std::size_t current = tree_depth_limit + 1;
  for (const TreeItem& item : items) {
    if (rank(item) != current) co_await group->wait_for_all();
    current = rank(item);
    co_await group->wait_for_room();
    group->start(remove_one(session, sftp::join_path(root, item.path), item, problems, removed));
  }
  co_await group->wait_for_all();
  co_return problems;
}

// MKDIR of a directory that is there fails in many ways; what counts is that there is one.
Awaitable<void> ensure_remote_directory(Session session, std::string path) {
  client::SFTPResult<void> made = co_await session.sftp->make_directory(path);
  if (made) co_return;
  if (made.error().from_server()) {
    const client::SFTPResult<sftp::Attributes> there = co_await session.sftp->stat(path);
    if (there && sftp::is_directory(*there)) co_return;
  }
  value_or_fail(std::move(made), printable(path));
}

Awaitable<void> make_remote_directories(Session session, std::string path) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    co_await ensure_remote_directory(session, part);
    if (slash == std::string::npos) co_return;
  }
}

}  // namespace hawser::tools
