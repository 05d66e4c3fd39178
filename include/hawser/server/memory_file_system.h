// A FileSystem in memory: for tests, for examples, and for servers whose files are made by the program.
//
//   auto files = std::make_shared<MemoryFileSystem>();
//
// Directories, symbolic links (as after chroot: absolute ones start at its root), hard links, permissions, owners and
// times are kept; permissions are not enforced, for all clients are one user here. A file that is removed while it is
// open lives until it is closed. Holes take no memory. Everything completes at once, without waiting and, for reads and
// for writes inside what is already stored, without allocating.
//
// Thread-safe: one lock for the tree of names, one for each file.
#pragma once

#include "hawser/server/file_system.h"

namespace hawser::server {

struct MemoryOptions {
  // Bytes that contents, names and link targets may take together; content counts by the blocks that hold it (4 to 64
  // KiB), each name for 1 KiB. 0: as much as the machine has.
  std::uint64_t quota = 0;
  std::uint32_t umask = 022;
  sftp::Owner owner = {};           // of new files
  std::int64_t (*now)() = nullptr;  // seconds since 1970; the system's clock if there is none
};

class MemoryTree;
struct MemoryNode;

class MemoryFileSystem final : public FileSystem {
 public:
  explicit MemoryFileSystem(MemoryOptions options = {});
  ~MemoryFileSystem() override;

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

  Features features() const override;

 private:
  MemoryFileSystem(std::shared_ptr<MemoryTree> tree, std::shared_ptr<MemoryNode> root);

  std::shared_ptr<MemoryTree> tree_;  // shared with the open files and the views of directories
  std::shared_ptr<MemoryNode> root_;  // of the tree, or the directory that this is a view of
};

}  // namespace hawser::server
