#include "server/path_resolver.h"

#include <climits>

#include "server/local_system_calls.h"
#include "server/path_walker.h"

namespace hawser::server {
namespace {

// What the system cannot be asked, and the walker must not be.
FileResult<void> check(const std::string& path) {
  if (path.find('\0') != std::string::npos) return FileError::invalid_path;
  if (path.size() >= PATH_MAX) return FileError::name_too_long;
  return {};
}

const char* text_or_root(const std::string& path) { return path.empty() ? "/" : path.c_str(); }

}  // namespace

FileResult<Descriptor> PathResolver::open(const std::string& path, int flags, mode_t mode) const {
  const FileResult<void> checked = check(path);
  if (!checked) return checked.error();
  const char* const text = text_or_root(path);
  flags |= O_CLOEXEC;
  int fd = -1;
  switch (lookup_) {
    case Lookup::whole_system: fd = ::openat(root_.get(), text, flags, mode); break;
    case Lookup::in_root:
      fd = open_in_root(root_.get(), text, flags, mode);
      // A tree in which something is renamed all the time.
      if (fd < 0 && errno == EAGAIN) return open_walked(text, flags, mode);
      break;
    case Lookup::by_component: return open_walked(text, flags, mode);
  }
  if (fd >= 0) return Descriptor(fd);
  // Without O_DIRECTORY only a component before the last can have been asked to be a directory.
  if (errno == ENOTDIR && (flags & O_DIRECTORY) == 0) return FileError::not_found;
  return last_error();
}

FileResult<Descriptor> PathResolver::open_walked(const char* path, int flags, mode_t mode) const {
  PathWalker walker(root_.get());
  const bool follow = (flags & O_NOFOLLOW) == 0 && (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
  const FileResult<void> walked = walker.walk(path, follow);
  if (!walked) return walked.error();
  const int fd = ::openat(walker.directory(), walker.name().c_str(), flags | O_NOFOLLOW, mode);
  if (fd < 0) return last_error();
  return Descriptor(fd);
}

FileResult<Place> PathResolver::parent(const std::string& path) const {
  const FileResult<void> checked = check(path);
  if (!checked) return checked.error();
  if (path.empty() || path == "/") return FileError::remove_root;
  const std::size_t slash = path.rfind('/');
  const char* const name = path.c_str() + (slash == std::string::npos ? 0 : slash + 1);
  const std::string_view last(name);
  // `..` would be followed out of the root by the *at() calls.
  if (last.empty() || last == "." || last == "..") return FileError::invalid_path;
  if (slash == std::string::npos || slash == 0) return Place(root_.get(), name);
  FileResult<Descriptor> directory = open(path.substr(0, slash), O_PATH | O_DIRECTORY);
  // A path below a file names nothing.
  if (!directory && directory.error() == FileError::wrong_type) return FileError::not_found;
  if (!directory) return directory.error();
  return Place(std::move(*directory), name);
}

FileResult<Place> PathResolver::place_for(const std::string& path) const {
  FileResult<Place> place = parent(path);
  if (place) return place;
  if (place.error() == FileError::remove_root) return FileError::already_exists;
  return place.error() == FileError::not_found ? FileError::parent_missing : place.error();
}

FileResult<std::string> PathResolver::real_path(const std::string& path) const {
  const FileResult<void> checked = check(path);
  if (!checked) return checked.error();
  PathWalker walker(root_.get());
  const FileResult<void> walked = walker.walk(path, true);
  if (!walked) return walked.error();
  return walker.path();
}

}  // namespace hawser::server
