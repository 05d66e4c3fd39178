// The commands on remote names: ls, mkdir, rm, mv, stat.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "commands.h"
#include "connect.h"
#include "hawser/sftp/longname.h"
#include "hawser/wire/dump.h"

namespace hawser::tools {
namespace {

using client::Awaitable;

constexpr std::size_t name_limit = 4096;  // names are printed whole, with control bytes escaped

std::string joined(const std::string& directory, const std::string& name) {
  return directory.ends_with('/') ? directory + name : directory + "/" + name;
}

void print_entry(const RemoteOptions& options, const std::string& name, const sftp::Attributes& attributes) {
  const std::string shown = wire::escaped(name, name_limit);
  if (options.long_listing) {
    fmt::print("{}\n", sftp::longname(shown, attributes, 1, std::time(nullptr)));
  } else {
    fmt::print("{}{}\n", shown, sftp::is_directory(attributes) ? "/" : "");
  }
}

Awaitable<void> ls_one(Session& session, RemoteOptions options, std::string path) {
  client::SFTPResult<sftp::Attributes> found = co_await session.sftp->stat(path);
  const sftp::Attributes attributes = value_or_fail(std::move(found), path);
  if (!sftp::is_directory(attributes)) {
    print_entry(options, path, attributes);
    co_return;
  }
  client::SFTPResult<std::vector<client::DirectoryEntry>> listed = co_await session.sftp->list(path);
  std::vector<client::DirectoryEntry> entries = value_or_fail(std::move(listed), path);
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (const client::DirectoryEntry& entry : entries) print_entry(options, entry.name, entry.attributes);
}

// Each parent in turn; what exists already is no error.
Awaitable<void> make_directories(Session& session, std::string path) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    const client::SFTPResult<void> made = co_await session.sftp->make_directory(part);
    if (!made) {
      const client::SFTPResult<sftp::Attributes> there = co_await session.sftp->stat(part);
      if (!there || !sftp::is_directory(*there)) value_or_fail(made, part);
    }
    if (slash == std::string::npos) co_return;
  }
}

Awaitable<void> mkdir_one(Session& session, RemoteOptions options, std::string path) {
  if (options.parents) {
    co_await make_directories(session, path);
  } else {
    client::SFTPResult<void> made = co_await session.sftp->make_directory(path);
    value_or_fail(std::move(made), path);
  }
}

// Bottom up. Symbolic links are removed, never followed.
Awaitable<void> remove_tree(Session& session, std::string path) {
  client::SFTPResult<std::vector<client::DirectoryEntry>> listed = co_await session.sftp->list(path);
  const std::vector<client::DirectoryEntry> entries = value_or_fail(std::move(listed), path);
  for (const client::DirectoryEntry& entry : entries) {
    const std::string below = joined(path, entry.name);
    if (sftp::is_directory(entry.attributes)) {
      co_await remove_tree(session, below);
    } else {
      client::SFTPResult<void> removed = co_await session.sftp->remove(below);
      value_or_fail(std::move(removed), below);
    }
  }
  client::SFTPResult<void> removed = co_await session.sftp->remove_directory(path);
  value_or_fail(std::move(removed), path);
}

Awaitable<void> rm_one(Session& session, RemoteOptions options, std::string path) {
  client::SFTPResult<sftp::Attributes> found = co_await session.sftp->lstat(path);
  const sftp::Attributes attributes = value_or_fail(std::move(found), path);
  if (!sftp::is_directory(attributes)) {
    client::SFTPResult<void> removed = co_await session.sftp->remove(path);
    value_or_fail(std::move(removed), path);
  } else if (options.recursive) {
    co_await remove_tree(session, path);
  } else {
    throw Failure{operation_failed, path + " is a directory: use -r"};
  }
}

const char* kind_of(const sftp::Attributes& attributes) {
  if (sftp::is_directory(attributes)) return "directory";
  if (sftp::is_regular(attributes)) return "regular file";
  if (sftp::is_symlink(attributes)) return "symbolic link";
  return attributes.permissions ? "special file" : "unknown";
}

std::string time_text(std::uint32_t seconds) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time_t{seconds}));
}

Awaitable<void> stat_one(Session& session, RemoteOptions, std::string path) {
  client::SFTPResult<sftp::Attributes> found = co_await session.sftp->lstat(path);
  const sftp::Attributes a = value_or_fail(std::move(found), path);
  fmt::print("path:        {}\ntype:        {}\n", wire::escaped(path, name_limit), kind_of(a));
  if (a.size) fmt::print("size:        {}\n", *a.size);
  if (a.permissions) fmt::print("permissions: {:04o}\n", *a.permissions & 07777);
  if (a.owner) fmt::print("owner:       {}:{}\n", a.owner->uid, a.owner->gid);
  if (a.times) fmt::print("modified:    {}\naccessed:    {}\n", time_text(a.times->mtime), time_text(a.times->atime));
  if (sftp::is_symlink(a)) {
    client::SFTPResult<std::string> target = co_await session.sftp->read_link(path);
    fmt::print("target:      {}\n", wire::escaped(value_or_fail(std::move(target), path), name_limit));
  }
}

// A connection for each URL, one after the other.
Awaitable<void> for_each_url(RemoteOptions options, Awaitable<void> (*work)(Session&, RemoteOptions, std::string)) {
  std::vector<client::Url> urls;
  for (const std::string& text : options.urls) urls.push_back(parse_url(text));
  for (const client::Url& url : urls) {
    Session session = co_await connect(options.connect, url);
    const std::string path = remote_path(url);
    co_await work(session, options, path);
    session.client->disconnect();
  }
}

Awaitable<void> mv_pair(RemoteOptions options) {
  const client::Url from = parse_url(options.urls[0]);
  const client::Url to = parse_url(options.urls[1]);
  if (from.host != to.host || from.port != to.port || from.user != to.user) {
    throw Failure{usage_error, "both URLs must name the same user, host and port; use get and put between servers"};
  }
  Session session = co_await connect(options.connect, from);
  std::string target = remote_path(to);
  const client::SFTPResult<sftp::Attributes> there = co_await session.sftp->stat(target);
  if (there && sftp::is_directory(*there)) target = joined(target, from.path.substr(from.path.rfind('/') + 1));
  const std::string source = remote_path(from);
  client::SFTPResult<void> renamed = co_await session.sftp->rename(source, target);
  value_or_fail(std::move(renamed), fmt::format("{} to {}", source, target));
  session.client->disconnect();
}

}  // namespace

int ls(const RemoteOptions& options) { return run_command("ls", for_each_url(options, ls_one)); }
int mkdir(const RemoteOptions& options) { return run_command("mkdir", for_each_url(options, mkdir_one)); }
int rm(const RemoteOptions& options) { return run_command("rm", for_each_url(options, rm_one)); }
int mv(const RemoteOptions& options) { return run_command("mv", mv_pair(options)); }
int stat(const RemoteOptions& options) { return run_command("stat", for_each_url(options, stat_one)); }

}  // namespace hawser::tools
