#include "remote_paths.h"

#include <algorithm>

#include "glob_pattern.h"
#include "hawser/sftp/path.h"
#include "printable.h"

namespace hawser::tools {
namespace {

using client::Awaitable;

std::vector<std::string> components_of(const std::string& path) {
  std::vector<std::string> components;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end != begin) components.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return components;
}

std::string below(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : joined(folder, name);
}

// What fits in one directory; nothing where it cannot be listed, which may well be a file among directories.
Awaitable<std::vector<std::string>> fitting(Session session, std::string folder, std::string pattern) {
  const std::string listed = folder.empty() ? "." : folder;
  client::SFTPResult<std::vector<client::DirectoryEntry>> entries = co_await session.sftp->list(listed);
  std::vector<std::string> found;
  if (!entries) {
    if (!entries.error().from_server()) value_or_fail(std::move(entries), printable(listed));
    co_return found;
  }
  for (const client::DirectoryEntry& entry : *entries) {
    if (sftp::valid_name(entry.name) && fits(pattern, entry.name)) found.push_back(below(folder, entry.name));
  }
  std::ranges::sort(found);
  co_return found;
}

Awaitable<bool> exists(Session session, std::string path) {
  const client::SFTPResult<sftp::Attributes> attributes = co_await session.sftp->lstat(path);
  co_return attributes.has_value();
}

}  // namespace

std::string last_name(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const auto slash = path.rfind('/');
  std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  return name == "." || name == ".." ? "" : name;
}

std::string joined(const std::string& directory, const std::string& name) {
  return directory.ends_with('/') ? directory + name : directory + "/" + name;
}

Awaitable<std::vector<std::string>> expand_remote(Session session, std::string path) {
  std::vector<std::string> found{path};
  if (!has_pattern(path)) co_return found;
  const bool literal = co_await exists(session, path);
  if (literal) co_return found;
  found.assign(1, path.starts_with('/') ? "/" : "");
  bool from_pattern = false;  // else what was put together need not be there
  for (const std::string& component : components_of(path)) {
    std::vector<std::string> next;
    from_pattern = has_pattern(component);
    for (const std::string& folder : found) {
      if (!from_pattern) {
        next.push_back(below(folder, component));
        continue;
      }
      const std::vector<std::string> names = co_await fitting(session, folder, component);
      next.insert(next.end(), names.begin(), names.end());
    }
    found = std::move(next);
  }
  std::vector<std::string> there;
  for (const std::string& candidate : found) {
    bool is_there = from_pattern;
    if (!is_there) is_there = co_await exists(session, candidate);
    if (is_there) there.push_back(candidate);
  }
  if (there.empty()) throw Failure{operation_failed, printable(path) + ": nothing on the server fits this pattern"};
  co_return there;
}

Awaitable<std::vector<RemotePath>> expand_urls(Sessions& sessions, std::vector<std::string> urls) {
  std::vector<client::Url> parsed;
  for (const std::string& text : urls) parsed.push_back(parse_url(text));
  std::vector<RemotePath> paths;
  for (const client::Url& url : parsed) {
    const Session session = co_await sessions.to(url);
    const std::string path = remote_path(url);
    const std::vector<std::string> expanded = co_await expand_remote(session, path);
    for (const std::string& one : expanded) paths.push_back({session, one});
  }
  co_return paths;
}

}  // namespace hawser::tools
