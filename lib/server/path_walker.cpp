#include "server/path_walker.h"

#include <array>
#include <climits>

#include "server/local_system_calls.h"
#include "server/path_components.h"

namespace hawser::server {

FileResult<void> PathWalker::walk(std::string_view path, bool follow_last) {
  push_components(rest_, path);
  int links = 0;
  // Without a limit links with many `..` would cost the square of their length.
  for (int steps = 0; !rest_.empty() || moved_up_; ++steps) {
    if (steps == step_limit) return FileError::loop;
    if (rest_.empty()) begin_again();
    if (rest_.empty()) break;  // up at the root
    std::string name = std::move(rest_.back());
    rest_.pop_back();
    if (name == "..") {
      if (!names_.empty()) {
        names_.pop_back();
        moved_up_ = true;
      }
      continue;
    }
    if (moved_up_) {
      rest_.push_back(std::move(name));
      begin_again();
      continue;
    }
    const bool last = rest_.empty();
    std::string target;
    const FileResult<bool> is_link = read_link(name, target);
    if (!is_link && !(last && is_link.error() == FileError::not_found)) return is_link.error();
    if (is_link && *is_link && (!last || follow_last)) {
      if (++links > link_limit) return FileError::loop;
      if (target.front() == '/') {
        names_.clear();
        directory_ = Descriptor();
      }
      push_components(rest_, target);
      continue;
    }
    if (last) {
      name_ = std::move(name);
      return {};
    }
    const FileResult<void> entered = enter(name);
    if (!entered) return entered;
    names_.push_back(std::move(name));
  }
  return {};
}

std::string PathWalker::path() const {
  std::string path;
  for (const std::string& name : names_) path += '/' + name;
  if (name_ != ".") path += '/' + name_;
  return path.empty() ? "/" : path;
}

FileResult<bool> PathWalker::read_link(const std::string& name, std::string& target) const {
  std::array<char, PATH_MAX> buffer;
  const ssize_t size = ::readlinkat(directory(), name.c_str(), buffer.data(), buffer.size());
  if (size < 0 && errno == EINVAL) return false;
  if (size < 0) return last_error();
  if (size == 0) return FileError::not_found;
  if (static_cast<std::size_t>(size) == buffer.size()) return FileError::name_too_long;
  target.assign(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

FileResult<void> PathWalker::enter(const std::string& name) {
  Descriptor next(::openat(directory(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!next) return errno == ENOTDIR ? FileError::not_found : last_error();
  directory_ = std::move(next);
  return {};
}

void PathWalker::begin_again() {
  rest_.insert(rest_.end(), names_.rbegin(), names_.rend());
  names_.clear();
  directory_ = Descriptor();
  moved_up_ = false;
}

}  // namespace hawser::server
