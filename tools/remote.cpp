// The commands that change remote names: mkdir, mv, ln, chmod.
#include <charconv>

#include "commands.h"
#include "printable.h"
#include "remote_paths.h"
#include "remote_tree.h"

namespace hawser::tools {
namespace {

using client::Awaitable;

Awaitable<void> mkdir_all(Sessions& sessions, RemoteOptions options) {
  for (const std::string& text : options.urls) {
    const client::Url url = parse_url(text);
    const Session session = co_await sessions.to(url);
    const std::string path = remote_path(url);
    if (options.parents) {
      co_await make_remote_directories(session, path);
      continue;
    }
    const sftp::Attributes usual;
    client::SFTPResult<void> made = co_await session.sftp->make_directory(path, usual);
    value_or_fail(std::move(made), printable(path));
  }
}

Awaitable<bool> is_remote_directory(Session session, std::string path) {
  const client::SFTPResult<sftp::Attributes> there = co_await session.sftp->stat(path);
  co_return there&& sftp::is_directory(*there);
}

Awaitable<void> mv_pair(Sessions& sessions, RemoteOptions options) {
  const client::Url from = parse_url(options.urls[0]);
  const client::Url to = parse_url(options.urls[1]);
  if (!same_server(from, to)) {
    throw Failure{usage_error, "both URLs must name the same user, host and port; use get and put between servers"};
  }
  const Session session = co_await sessions.to(from);
  const std::string source = remote_path(from);
  std::string target = remote_path(to);
  const bool into = co_await is_remote_directory(session, target);
  if (into) target = joined(target, last_name(source));
  client::SFTPResult<void> renamed = co_await session.sftp->rename(source, target);
  value_or_fail(std::move(renamed), printable(source) + " to " + printable(target));
}

Awaitable<void> ln_pair(Sessions& sessions, RemoteOptions options) {
  const client::Url link = parse_url(options.urls[1]);
  std::string target = options.urls[0];
  if (is_url(target)) {
    const client::Url url = parse_url(target);
    if (!same_server(url, link)) throw Failure{usage_error, "both URLs must name the same user, host and port"};
    target = remote_path(url);
  } else if (!options.symbolic) {
    throw Failure{usage_error, target + " is not a URL; only a symbolic link (-s) may lead to any text"};
  }
  const Session session = co_await sessions.to(link);
  std::string path = remote_path(link);
  const bool into = co_await is_remote_directory(session, path);
  if (into) path = joined(path, last_name(target));
  const std::string what = printable(path) + " -> " + printable(target);
  if (options.symbolic) {
    client::SFTPResult<void> made = co_await session.sftp->symlink(target, path);
    value_or_fail(std::move(made), what);
    co_return;
  }
  client::SFTPResult<void> made = co_await session.sftp->hard_link(target, path);
  if (!made && made.error().code() == Errc::unsupported) {
    throw Failure{operation_failed, what + ": the server makes no hard links (it lacks hardlink@openssh.com)"};
  }
  value_or_fail(std::move(made), what);
}

std::uint32_t parse_mode(const std::string& text) {
  std::uint32_t mode = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, mode, 8);
  if (error != std::errc() || stopped != end || mode > sftp::file_mode::permission_mask) {
    throw Failure{usage_error, text + ": the mode is an octal number such as 644 or 0755"};
  }
  return mode;
}

Awaitable<void> chmod_all(Sessions& sessions, RemoteOptions options) {
  sftp::Attributes wanted;
  wanted.permissions = parse_mode(options.mode);
  const std::vector<RemotePath> paths = co_await expand_urls(sessions, options.urls);
  for (const RemotePath& one : paths) {
    client::SFTPResult<void> set = co_await one.session.sftp->set_attributes(one.path, wanted);
    value_or_fail(std::move(set), printable(one.path));
  }
}

}  // namespace

int mkdir(const RemoteOptions& options) {
  return run_command("mkdir", options.connect, [&](Sessions& sessions) { return mkdir_all(sessions, options); });
}

int mv(const RemoteOptions& options) {
  return run_command("mv", options.connect, [&](Sessions& sessions) { return mv_pair(sessions, options); });
}

int ln(const RemoteOptions& options) {
  return run_command("ln", options.connect, [&](Sessions& sessions) { return ln_pair(sessions, options); });
}

int chmod(const RemoteOptions& options) {
  return run_command("chmod", options.connect, [&](Sessions& sessions) { return chmod_all(sessions, options); });
}

}  // namespace hawser::tools
