#include "server/memory_file.h"

namespace hawser::server {

FileResult<std::size_t> MemoryFile::read(std::uint64_t offset, std::span<const MutableBytes> areas) const {
  if (closed_) return FileError::closed;
  if (!mode_.read) return FileError::permission_denied;
  const std::shared_lock guard(node_->mutex);
  return node_->content.read(offset, areas);
}

FileResult<void> MemoryFile::write(std::uint64_t offset, std::span<const Bytes> areas) {
  if (closed_) return FileError::closed;
  if (!mode_.writes()) return FileError::permission_denied;
  const std::unique_lock guard(node_->mutex);
  if (mode_.append) offset = node_->content.size();
  node_->times.mtime = tree_->now();
  if (!node_->content.write(offset, areas)) return FileError::no_space;
  return {};
}

std::optional<FileResult<std::size_t>> MemoryFile::try_read_at(std::uint64_t offset,
                                                               std::span<const MutableBytes> areas) {
  return read(offset, areas);
}

std::optional<FileResult<void>> MemoryFile::try_write_at(std::uint64_t offset, std::span<const Bytes> areas) {
  return write(offset, areas);
}

Awaitable<FileResult<std::size_t>> MemoryFile::read_at(std::uint64_t offset, std::span<const MutableBytes> areas) {
  co_return read(offset, areas);
}

Awaitable<FileResult<void>> MemoryFile::write_at(std::uint64_t offset, std::span<const Bytes> areas) {
  co_return write(offset, areas);
}

Awaitable<FileResult<sftp::Attributes>> MemoryFile::attributes() {
  if (closed_) co_return FileError::closed;
  co_return MemoryTree::attributes_of(*node_);
}

Awaitable<FileResult<void>> MemoryFile::set_attributes(const sftp::Attributes& attributes) {
  if (closed_) co_return FileError::closed;
  if (attributes.size && !mode_.writes()) co_return FileError::permission_denied;
  co_return tree_->change(*node_, attributes);
}

Awaitable<FileResult<FileStatus>> MemoryFile::status() {
  if (closed_) co_return FileError::closed;
  co_return tree_->status_of(*node_);
}

Awaitable<FileResult<void>> MemoryFile::sync() {
  if (closed_) co_return FileError::closed;
  co_return FileResult<void>();
}

Awaitable<FileResult<sftp::FileSystemStatistics>> MemoryFile::statistics() {
  if (closed_) co_return FileError::closed;
  co_return tree_->statistics();
}

Awaitable<FileResult<void>> MemoryFile::close() {
  if (closed_.exchange(true)) co_return FileError::closed;
  co_return FileResult<void>();
}

Awaitable<FileResult<std::vector<DirectoryEntry>>> MemoryDirectory::next(std::size_t count) {
  std::vector<DirectoryEntry> entries;
  const std::unique_lock guard = tree_->lock();
  for (auto it = node_->entries.upper_bound(last_); it != node_->entries.end() && entries.size() < count; ++it) {
    DirectoryEntry entry{it->first, {}, 1};
    entry.attributes = MemoryTree::attributes_of(*it->second, &entry.links);
    entries.push_back(std::move(entry));
  }
  if (!entries.empty()) last_ = entries.back().name;
  co_return entries;
}

Awaitable<FileResult<sftp::Attributes>> MemoryDirectory::attributes() { co_return MemoryTree::attributes_of(*node_); }

Awaitable<FileResult<void>> MemoryDirectory::set_attributes(const sftp::Attributes& attributes) {
  co_return tree_->change(*node_, attributes);
}

}  // namespace hawser::server
