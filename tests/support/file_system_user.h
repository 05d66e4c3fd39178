// Lets this thread act on files as an ordinary user while it lives, so that tests of permissions mean something when
// root runs them. Linux drops the capabilities that override permissions with setfsuid(2); other threads keep theirs.
#pragma once

#include <sys/fsuid.h>
#include <unistd.h>

namespace hawser::test {

class FileSystemUser {
 public:
  static constexpr unsigned nobody = 65534;

  FileSystemUser() {
    if (!was_root_) return;
    ::setfsgid(nobody);
    ::setfsuid(nobody);
  }
  ~FileSystemUser() {
    if (!was_root_) return;
    ::setfsuid(0);
    ::setfsgid(0);
  }
  FileSystemUser(const FileSystemUser&) = delete;
  FileSystemUser& operator=(const FileSystemUser&) = delete;

 private:
  const bool was_root_ = ::geteuid() == 0;
};

}  // namespace hawser::test
