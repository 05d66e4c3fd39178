// Several file systems in one tree, each at a path of its own.
//
//   Result<std::shared_ptr<MountFileSystem>> tree =
//       MountFileSystem::create({{"/", own}, {"/shared/music", music}, {"/shared/docs", docs}});
//
// Directories on the way to a mount point that no file system has are made up: they can be listed and not changed. A
// mount point hides what the file system beneath has of that name, and directories list the mount points in them beside
// their own entries. Mount points, and the directories on the way to them, cannot be removed, renamed or replaced
// (FileError::busy). From one file system to another nothing is renamed or linked (FileError::cross_device).
//
// Each file system keeps to itself: its symbolic links begin at its own root and never lead into another. So a mount
// point hides by name only: what it covers can still be reached by a link in the file system beneath, which must not
// hold anything there that clients are not to see.
//
// The table does not change after `create`. Files and cursors are those of the mounted file systems, unwrapped: reading
// and writing cost nothing more.
#pragma once

#include "hawser/server/file_system.h"
#include "hawser/wire/result.h"

namespace hawser::server {

struct Mount {
  std::string path;  // absolute; `/` too
  std::shared_ptr<FileSystem> files;
};

class MountTable;
struct MountRoute;

class MountFileSystem final : public FileSystem {
 public:
  // Errors: invalid_argument for a path that is not absolute or is there twice, and where a file system is missing.
  static Result<std::shared_ptr<MountFileSystem>> create(const std::vector<Mount>& mounts);
  ~MountFileSystem() override;

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
  // Of the file system that has the path; a directory that is made up has no blocks.
  Awaitable<FileResult<sftp::FileSystemStatistics>> statistics(std::string path) override;
  Awaitable<FileResult<FileStatus>> status(std::string path) override;
  // Unsupported for a directory with mount points in it.
  Awaitable<FileResult<std::shared_ptr<FileSystem>>> subdirectory(std::string path) override;

  // What one of them can do; read_only and atomic_rename where it holds for all.
  Features features() const override;

 private:
  explicit MountFileSystem(std::unique_ptr<MountTable> table);

  Awaitable<FileResult<sftp::Attributes>> attributes_of(MountRoute route, bool follow);

  const std::unique_ptr<MountTable> table_;
};

}  // namespace hawser::server
