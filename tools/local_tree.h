// A local directory and what is below it. Every step starts from a directory that is held open and follows no symbolic
// link: whatever names a server sends, and whoever changes the directories meanwhile, nothing outside of it is read,
// written or removed. (The directory itself may be named by a link.)
#pragma once

#include <memory>

#include "tree.h"

namespace hawser::tools {

// A file or directory that is open.
class LocalDescriptor {
 public:
  explicit LocalDescriptor(int fd) : fd_(fd) {}
  ~LocalDescriptor();
  LocalDescriptor(const LocalDescriptor&) = delete;
  LocalDescriptor& operator=(const LocalDescriptor&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

// Of a relative path: "" where it has one component.
std::string parent_of(const std::string& path);

class LocalTree {
 public:
  // Throws Failure where there is no such directory; with `make` it is made, not its parents.
  explicit LocalTree(std::string path, bool make = false);

  Tree list() const;
  // The directory of that relative path; "" is the tree's own. All of these throw Failure.
  std::shared_ptr<LocalDescriptor> folder(const std::string& path);
  void make_directory(const std::string& path);
  void remove(const TreeItem& item);
  // Rights (0777 of them) and times of a directory.
  void set_attributes(const std::string& path, const sftp::Attributes& attributes);
  std::string shown(const std::string& path) const;

 private:
  std::string path_;
  std::shared_ptr<LocalDescriptor> root_;
  std::string last_path_;  // files come by directories: the one that was asked for last
  std::shared_ptr<LocalDescriptor> last_;
};

}  // namespace hawser::tools
