// A directory of another file system as a file system of its own: the directory is `/`, nothing above it can be named.
//
//   auto alice = std::make_shared<SubdirFileSystem>(files, "/home/alice");
//
// Symbolic links work as after chroot(2) into the directory: absolute targets begin at the view's root and `..` stops
// there. `read_link` gives the target as it is stored, `real_path` gives names of the view. The directory may be
// missing; then every name in it is, until somebody makes it. Once the view has been made by the file system itself
// (see below) it stays with that directory: when another takes its place, make a new view (UserRoots does).
//
// Where the file system can make the view itself (`FileSystem::subdirectory`: LocalFileSystem and MemoryFileSystem can,
// and the wrappers around them) it does, and nothing that is renamed or linked meanwhile leads out. Elsewhere the view
// looks the links up itself, one component at a time, and gives the other file system a path without links: somebody
// who at this moment puts a link in the place of a directory can reach the rest of that file system, though nothing
// beyond it. So put the view as close to the files as it goes: quota around view around local files.
//
// Files and cursors are those of the other file system, unwrapped: reading and writing cost nothing more.
#pragma once

#include <mutex>

#include "hawser/server/file_system.h"

namespace hawser::server {

class SubdirFileSystem final : public FileSystem {
 public:
  // `directory` is a path of `inner`, whose own links are followed on the way there.
  SubdirFileSystem(std::shared_ptr<FileSystem> inner, const std::string& directory);

  Awaitable<FileResult<sftp::Attributes>> stat(std::string path) override;
  Awaitable<FileResult<sftp::Attributes>> lstat(std::string path) override;
  Awaitable<FileResult<std::unique_ptr<File>>> open(std::string path, OpenMode mode, sftp::Attributes create) override;
  Awaitable<FileResult<std::unique_ptr<Directory>>> open_directory(std::string path) override;
  Awaitable<FileResult<void>> make_directory(std::string path, sftp::Attributes attributes) override;
  Awaitable<FileResult<void>> remove_directory(std::string path) override;
  Awaitable<FileResult<void>> remove(std::string path) override;
  Awaitable<FileResult<void>> rename(std::string from, std::string to, bool replace) override;
  Awaitable<FileResult<void>> set_attributes(std::string path, sftp::Attributes attributes) override;
  Awaitable<FileResult<void>> set_link_attributes(std::string path, sftp::Attributes attributes) override;
  Awaitable<FileResult<std::string>> read_link(std::string path) override;
  Awaitable<FileResult<void>> symlink(std::string target, std::string link_path) override;
  Awaitable<FileResult<void>> hard_link(std::string existing, std::string link_path) override;
  Awaitable<FileResult<std::string>> real_path(std::string path) override;
  Awaitable<FileResult<sftp::FileSystemStatistics>> statistics(std::string path) override;
  Awaitable<FileResult<FileStatus>> status(std::string path) override;
  Awaitable<FileResult<std::shared_ptr<FileSystem>>> subdirectory(std::string path) override;

  Features features() const override { return inner_->features(); }

 private:
  enum class Last { follow, keep };  // what to do with a link as the last component
  // Where a path of the view is: in the view that `inner` has made, or in `inner` itself, free of links.
  struct Target {
    FileSystem* files;
    std::string path;
    std::string seen;  // by the view's name
    bool is_root() const { return seen == "/"; }
  };

  // The file system that is the view; null where `inner` makes none.
  Awaitable<FileResult<FileSystem*>> view();
  Awaitable<FileResult<Target>> locate(std::string path, Last last);
  // The same for a name that is to be made.
  Awaitable<FileResult<Target>> place_for(std::string path);
  // The same for what is not the root, with the error if it is; a link is kept.
  Awaitable<FileResult<Target>> below_root(std::string path, FileError at_root);
  template <class T, class Call>
  Awaitable<FileResult<T>> forward(Awaitable<FileResult<Target>> where, Call call);

  const std::shared_ptr<FileSystem> inner_;
  const std::string directory_;  // clean; empty where it is the root of `inner`
  std::mutex mutex_;
  std::shared_ptr<FileSystem> view_;  // never changes once it is set
  bool makes_none_ = false;
};

}  // namespace hawser::server
