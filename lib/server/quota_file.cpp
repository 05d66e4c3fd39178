#include "server/quota_file.h"

#include <limits>

#include "server/area_cursor.h"

namespace hawser::server {

bool QuotaFile::reserve(std::uint64_t offset, std::span<const Bytes> areas) {
  const std::uint64_t size = size_of(areas);
  if (size == 0) return true;  // writes nothing, wherever
  const std::uint64_t start = mode_.append ? record_->size() : offset;
  if (size > std::numeric_limits<std::uint64_t>::max() - start) return false;
  return record_->reserve(start + size);
}

std::optional<FileResult<void>> QuotaFile::try_write_at(std::uint64_t offset, std::span<const Bytes> areas) {
  if (!resizes()) return inner().try_write_at(offset, areas);  // which refuses
  const std::optional<AsyncLock::Guard> turn = record_->turn.try_enter();
  if (!turn || record_->lost()) return std::nullopt;
  const std::uint64_t before = record_->size();
  if (!reserve(offset, areas)) return FileResult<void>(FileError::no_space);
  record_->lose();
  std::optional<FileResult<void>> written = inner().try_write_at(offset, areas);
  if (!written) {
    record_->settle(before);
  } else if (*written) {
    record_->keep();
  }
  return written;
}

Awaitable<FileResult<void>> QuotaFile::write_at(std::uint64_t offset, std::span<const Bytes> areas) {
  if (!resizes()) co_return co_await inner().write_at(offset, areas);
  const AsyncLock::Guard turn = co_await record_->turn.enter();
  if (record_->lost()) co_await look_up_size();
  if (!reserve(offset, areas)) co_return FileError::no_space;
  record_->lose();
  const FileResult<void> written = co_await inner().write_at(offset, areas);
  if (written) {
    record_->keep();
  } else {
    co_await look_up_size();
  }
  co_return written;
}

Awaitable<FileResult<void>> QuotaFile::set_attributes(const sftp::Attributes& attributes) {
  if (!resizes() || !attributes.size) co_return co_await inner().set_attributes(attributes);
  const AsyncLock::Guard turn = co_await record_->turn.enter();
  if (record_->lost()) co_await look_up_size();
  if (!record_->reserve(*attributes.size)) co_return FileError::no_space;
  record_->lose();
  const FileResult<void> changed = co_await inner().set_attributes(attributes);
  if (changed) {
    record_->settle(*attributes.size);
  } else {
    co_await look_up_size();
  }
  co_return changed;
}

Awaitable<void> QuotaFile::look_up_size() {
  record_->lose();
  const FileResult<sftp::Attributes> known = co_await inner().attributes();
  if (known) record_->settle(counted_size(*known));
}

Awaitable<FileResult<sftp::FileSystemStatistics>> QuotaFile::statistics() {
  const FileResult<sftp::FileSystemStatistics> known = co_await inner().statistics();
  if (!known) co_return known;
  co_return ledger_->limited(*known);
}

Awaitable<FileResult<void>> QuotaFile::close() {
  if (resizes()) {
    const AsyncLock::Guard turn = co_await record_->turn.enter();
    if (record_->lost()) co_await look_up_size();
  }
  // First this: from the closing of a removed file on, a new one may have its identity.
  record_.reset();
  co_return co_await inner().close();
}

}  // namespace hawser::server
