// An open file and a cursor over a directory of a MemoryFileSystem.
#pragma once

#include <atomic>

#include "server/memory_tree.h"

namespace hawser::server {

class MemoryFile final : public File {
 public:
  MemoryFile(std::shared_ptr<MemoryTree> tree, MemoryNodePtr node, OpenMode mode)
      : tree_(std::move(tree)), node_(std::move(node)), mode_(mode) {}

  Awaitable<FileResult<std::size_t>> read_at(std::uint64_t offset, std::span<const MutableBytes> areas) override;
  Awaitable<FileResult<void>> write_at(std::uint64_t offset, std::span<const Bytes> areas) override;
  std::optional<FileResult<std::size_t>> try_read_at(std::uint64_t offset,
                                                     std::span<const MutableBytes> areas) override;
  std::optional<FileResult<void>> try_write_at(std::uint64_t offset, std::span<const Bytes> areas) override;
  Awaitable<FileResult<sftp::Attributes>> attributes() override;
  Awaitable<FileResult<void>> set_attributes(const sftp::Attributes& attributes) override;
  Awaitable<FileResult<FileStatus>> status() override;
  Awaitable<FileResult<void>> sync() override;
  Awaitable<FileResult<sftp::FileSystemStatistics>> statistics() override;
  Awaitable<FileResult<void>> close() override;

 private:
  FileResult<std::size_t> read(std::uint64_t offset, std::span<const MutableBytes> areas) const;
  FileResult<void> write(std::uint64_t offset, std::span<const Bytes> areas);

  std::shared_ptr<MemoryTree> tree_;
  const MemoryNodePtr node_;
  const OpenMode mode_;
  std::atomic<bool> closed_{false};
};

class MemoryDirectory final : public Directory {
 public:
  MemoryDirectory(std::shared_ptr<MemoryTree> tree, MemoryNodePtr node)
      : tree_(std::move(tree)), node_(std::move(node)) {}

  Awaitable<FileResult<std::vector<DirectoryEntry>>> next(std::size_t count) override;
  Awaitable<FileResult<sftp::Attributes>> attributes() override;
  Awaitable<FileResult<void>> set_attributes(const sftp::Attributes& attributes) override;

 private:
  std::shared_ptr<MemoryTree> tree_;
  const MemoryNodePtr node_;
  std::string last_;  // the name given last: what is added before it is not seen, what is removed does not disturb
};

}  // namespace hawser::server
