#include "server/view_path.h"

#include "hawser/sftp/path.h"
#include "server/path_components.h"

namespace hawser::server {
namespace {

void go_up(std::string& path) { path.resize(path.empty() ? 0 : path.rfind('/')); }

}  // namespace

Awaitable<FileResult<std::string>> path_in_view(FileSystem& files, std::string directory, std::string path,
                                                bool follow_last) {
  if (path.find('\0') != std::string::npos) co_return FileError::invalid_path;
  if (!sftp::valid_path(path)) co_return FileError::name_too_long;
  if (!files.features().symlinks) co_return sftp::clean_path(path);
  std::vector<std::string> rest;
  push_components(rest, path);
  std::string at;  // no link is part of it, so that the name above is its parent
  int links = 0;
  for (int steps = 0; !rest.empty(); ++steps) {
    if (steps == step_limit) co_return FileError::loop;
    const std::string name = std::move(rest.back());
    rest.pop_back();
    if (name == "..") {
      go_up(at);
      continue;
    }
    const bool last = rest.empty();
    at += '/' + name;
    const FileResult<sftp::Attributes> found = co_await files.lstat(directory + at);
    if (!found && last && found.error() == FileError::not_found) break;
    if (!found) co_return found.error();
    if (sftp::is_symlink(*found) && (!last || follow_last)) {
      if (++links > link_limit) co_return FileError::loop;
      const FileResult<std::string> target = co_await files.read_link(directory + at);
      if (!target) co_return target.error();
      go_up(at);
      if (target->starts_with('/')) at.clear();
      push_components(rest, *target);
    } else if (!last && !sftp::is_directory(*found)) {
      co_return FileError::not_found;
    }
  }
  if (at.empty()) at = "/";
  co_return at;
}

}  // namespace hawser::server
