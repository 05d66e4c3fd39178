// Looks up a path one component at a time below a root directory, reading symbolic links itself: absolute links start
// at the root,
// `..` stops there. The same rules as openat2(RESOLVE_IN_ROOT), for kernels without it, and the way to a path without
// links.
//
// Each step opens a directory by name from the descriptor of the one before, never following a link, so that nothing
// done to the tree meanwhile leads out. `..` is not looked up in the file system (the directory may have been moved):
// the walk begins again with one name less.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hawser/server/file_system.h"
#include "server/descriptor.h"

namespace hawser::server {

class PathWalker {
 public:
  explicit PathWalker(int root) : root_(root) {}

  // Goes to where the last component is, which may be missing. With `follow_last` it is not a symbolic link.
  FileResult<void> walk(std::string_view path, bool follow_last);

  // After a walk: the last component is `name` in `directory`; "." if that is the directory itself.
  int directory() const { return directory_ ? directory_.get() : root_; }
  const std::string& name() const { return name_; }
  // After a walk that follows: the absolute path without links.
  std::string path() const;

 private:
  FileResult<bool> read_link(const std::string& name, std::string& target) const;
  FileResult<void> enter(const std::string& name);
  void begin_again();

  const int root_;
  Descriptor directory_;            // none: the root
  std::vector<std::string> names_;  // of the directories from the root to `directory_`
  std::vector<std::string> rest_;   // components still to be looked up, the next one last
  bool moved_up_ = false;           // `names_` has lost its last, `directory_` has not followed yet
  std::string name_ = ".";
};

}  // namespace hawser::server
