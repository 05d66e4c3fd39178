// `hawser ls`.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "commands.h"
#include "hawser/sftp/path.h"
#include "json_line.h"
#include "listing.h"
#include "printable.h"
#include "remote_paths.h"

namespace hawser::tools {
namespace {

using client::Awaitable;

// A name as it is shown, and the path behind it.
struct Found {
  Session session;
  std::string name;
  std::string path;
  sftp::Attributes attributes;
};

Awaitable<std::string> link_target(const Found& found) {
  const client::SFTPResult<std::string> target = co_await found.session.sftp->read_link(found.path);
  co_return target ? *target : std::string();
}

Awaitable<void> print_all(const ListOptions& options, const std::vector<Found>& found) {
  std::vector<ListedName> names;
  for (const Found& one : found) {
    std::string target;
    const bool wanted = sftp::is_symlink(one.attributes) && (options.long_listing || options.json);
    if (wanted) target = co_await link_target(one);
    if (options.json) {
      nlohmann::json object = json_of(one.attributes);
      object["name"] = one.name;
      object["path"] = one.path;
      if (!target.empty()) object["target"] = target;
      print_json(object);
    } else if (options.long_listing) {
      names.push_back({printable(one.name), printable(target), one.attributes});
    } else {
      fmt::print("{}{}\n", printable(one.name), sftp::is_directory(one.attributes) ? "/" : "");
    }
  }
  fmt::print("{}", long_listing(names, options.human, std::time(nullptr)));
}

Awaitable<void> print_directory(Session session, const ListOptions& options, std::string path) {
  client::SFTPResult<std::vector<client::DirectoryEntry>> listed = co_await session.sftp->list(path);
  std::vector<client::DirectoryEntry> entries = value_or_fail(std::move(listed), printable(path));
  std::vector<Found> found;
  for (const client::DirectoryEntry& entry : entries) {
    if (!options.all && entry.name.starts_with('.')) continue;
    found.push_back({session, entry.name, sftp::join_path(path, entry.name), entry.attributes});
  }
  std::ranges::sort(found, {}, &Found::name);
  co_await print_all(options, found);
}

// Files first, all together; then each directory, with its name where there is more than one thing to list.
Awaitable<void> list_all(Sessions& sessions, ListOptions options) {
  const std::vector<RemotePath> paths = co_await expand_urls(sessions, options.urls);
  std::vector<RemotePath> directories;
  std::vector<Found> files;
  for (const RemotePath& path : paths) {
    client::SFTPResult<sftp::Attributes> found = co_await path.session.sftp->stat(path.path);
    if (!found) {  // a link that leads nowhere is there all the same
      client::SFTPResult<sftp::Attributes> link = co_await path.session.sftp->lstat(path.path);
      if (link) found = std::move(link);
    }
    const sftp::Attributes attributes = value_or_fail(std::move(found), printable(path.path));
    if (sftp::is_directory(attributes)) {
      directories.push_back(path);
    } else {
      files.push_back({path.session, path.path, path.path, attributes});
    }
  }
  co_await print_all(options, files);
  bool first = files.empty();
  for (const RemotePath& directory : directories) {
    if (paths.size() > 1 && !options.json) fmt::print("{}{}:\n", first ? "" : "\n", printable(directory.path));
    first = false;
    co_await print_directory(directory.session, options, directory.path);
  }
}

}  // namespace

int ls(const ListOptions& options) {
  return run_command("ls", options.connect, [&](Sessions& sessions) { return list_all(sessions, options); });
}

}  // namespace hawser::tools
