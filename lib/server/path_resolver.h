// Turns a client's path into a descriptor, inside the root directory whatever the path and its symbolic links say.
#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <string>

#include "hawser/server/file_system.h"
#include "server/descriptor.h"

namespace hawser::server {

enum class Lookup {
  whole_system,  // no jail: openat(2), for a server that acts for the user who runs it
  in_root,       // openat2(RESOLVE_IN_ROOT)
  by_component,  // PathWalker
};

// A name in a directory: what calls that change a directory act on. `name` points into the path it was made from.
class Place {
 public:
  Place(int borrowed, const char* name) : fd_(borrowed), name_(name) {}
  Place(Descriptor directory, const char* name) : owned_(std::move(directory)), fd_(owned_.get()), name_(name) {}
  int directory() const { return fd_; }
  const char* name() const { return name_; }

 private:
  Descriptor owned_;
  int fd_;
  const char* name_;
};

class PathResolver {
 public:
  PathResolver(Descriptor root, Lookup lookup) : root_(std::move(root)), lookup_(lookup) {}

  // open(2) below the root; the last component is followed unless O_NOFOLLOW or O_EXCL says otherwise.
  FileResult<Descriptor> open(const std::string& path, int flags, mode_t mode = 0) const;
  // Resolves all but the last component. remove_root: the path has none. The path must outlive the Place.
  FileResult<Place> parent(const std::string& path) const;
  // The same for a name that is to be made: parent_missing, or already_exists for the root.
  FileResult<Place> place_for(const std::string& path) const;
  FileResult<std::string> real_path(const std::string& path) const;

  Lookup lookup() const { return lookup_; }

 private:
  FileResult<Descriptor> open_walked(const char* path, int flags, mode_t mode) const;

  Descriptor root_;
  Lookup lookup_;
};

}  // namespace hawser::server
