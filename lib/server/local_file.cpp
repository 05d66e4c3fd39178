#include "server/local_file.h"

#include <sys/uio.h>

#include <limits>

#include "server/area_cursor.h"
#include "server/local_attributes.h"
#include "server/local_system_calls.h"

namespace hawser::server {
namespace {

constexpr std::uint64_t largest_local_offset = static_cast<std::uint64_t>(std::numeric_limits<off_t>::max());

// A read that may go on where another call has left it.
class AreaReader {
 public:
  AreaReader(int fd, std::uint64_t offset, std::span<const MutableBytes> areas)
      : fd_(fd), offset_(offset), cursor_(areas) {}

  // Reads until the areas are full or a call gives nothing: a short count alone does not mean the end. False with errno
  // on failure.
  bool read(int flags) {
    AreaCursor<MutableBytes>::Vectors vectors;
    while (!full()) {
      const int count = cursor_.fill(vectors);
      const ssize_t n = ::preadv2(fd_, vectors.data(), count, static_cast<off_t>(offset_ + done_), flags);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return false;
      if (n == 0) break;
      done_ += static_cast<std::size_t>(n);
      cursor_.advance(static_cast<std::size_t>(n));
    }
    return true;
  }
  FileResult<std::size_t> read_all() {
    if (!read(0)) return last_error();
    return done_;
  }

  bool full() const { return cursor_.at_end(); }
  std::size_t done() const { return done_; }

 private:
  const int fd_;
  const std::uint64_t offset_;
  AreaCursor<MutableBytes> cursor_;
  std::size_t done_ = 0;
};

// No file reaches so far, and the system would take the offset for a negative one.
bool past_any_end(std::uint64_t offset, std::size_t size) {
  return offset > largest_local_offset || size > largest_local_offset - offset;
}

}  // namespace

std::optional<FileResult<std::size_t>> LocalFile::try_read_at(std::uint64_t offset,
                                                              std::span<const MutableBytes> areas) {
  if (!mode_.read) return FileResult<std::size_t>(FileError::permission_denied);
  const std::size_t size = size_of(areas);
  if (size == 0 || past_any_end(offset, size)) return FileResult<std::size_t>(std::size_t{0});
  AreaReader reader(descriptor_.get(), offset, areas);
  if (has_nowait_.load(std::memory_order_relaxed)) {
    const bool read = reader.read(RWF_NOWAIT);
    if (reader.full()) return FileResult<std::size_t>(reader.done());
    if (!read && errno == EAGAIN) return std::nullopt;
    if (!read && errno == EOPNOTSUPP) has_nowait_ = false;
    // Whether nothing means the end, only a read that may wait can tell: Linux 5.9 and 5.10 also give 0 for what is not
    // in the cache (preadv2(2), BUGS).
  }
  if (!policy_.inline_now()) return std::nullopt;
  return policy_.measured([&reader] { return reader.read_all(); });
}

Awaitable<FileResult<std::size_t>> LocalFile::read_at(std::uint64_t offset, std::span<const MutableBytes> areas) {
  std::optional<FileResult<std::size_t>> at_once = try_read_at(offset, areas);
  if (at_once) co_return *at_once;
  auto read = [this, offset, areas] {
    AreaReader reader(descriptor_.get(), offset, areas);
    return policy_.measured([&reader] { return reader.read_all(); });
  };
  co_return co_await threads().run(read);
}

std::optional<FileResult<void>> LocalFile::try_write_at(std::uint64_t offset, std::span<const Bytes> areas) {
  if (!mode_.writes()) return FileResult<void>(FileError::permission_denied);
  if (!policy_.inline_now()) return std::nullopt;
  return policy_.measured([&] { return write_now(offset, areas); });
}

Awaitable<FileResult<void>> LocalFile::write_at(std::uint64_t offset, std::span<const Bytes> areas) {
  std::optional<FileResult<void>> at_once = try_write_at(offset, areas);
  if (at_once) co_return *at_once;
  auto write = [this, offset, areas] { return policy_.measured([&] { return write_now(offset, areas); }); };
  co_return co_await threads().run(write);
}

FileResult<void> LocalFile::write_now(std::uint64_t offset, std::span<const Bytes> areas) const {
  if (!descriptor_) return FileError::closed;
  const std::size_t size = size_of(areas);
  if (mode_.append) offset = 0;  // O_APPEND: the system ignores it
  if (size > 0 && past_any_end(offset, size)) return FileError::no_space;
  AreaCursor<Bytes> cursor(areas);
  AreaCursor<Bytes>::Vectors vectors;
  // After a short count the rest is tried again, which tells what stopped it.
  while (!cursor.at_end()) {
    const int count = cursor.fill(vectors);
    const ssize_t n = ::pwritev(descriptor_.get(), vectors.data(), count, static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return last_error();
    if (n == 0) return FileError::failed;
    offset += static_cast<std::size_t>(n);
    cursor.advance(static_cast<std::size_t>(n));
  }
  return {};
}

Awaitable<FileResult<sftp::Attributes>> LocalFile::attributes() {
  return perform(policy_, threads(), [this] { return attributes_of_descriptor(descriptor_.get()); });
}

Awaitable<FileResult<void>> LocalFile::set_attributes(const sftp::Attributes& attributes) {
  return perform(policy_, threads(), [this, attributes]() -> FileResult<void> {
    if (context_->options.read_only) return FileError::read_only;
    if (attributes.size && !mode_.writes()) return FileError::permission_denied;
    return apply_attributes(descriptor_.get(), attributes, context_->options.keep_special_bits);
  });
}

Awaitable<FileResult<FileStatus>> LocalFile::status() {
  return perform(policy_, threads(), [this] { return status_of_descriptor(descriptor_.get()); });
}

Awaitable<FileResult<void>> LocalFile::sync() {
  return threads().run([this]() -> FileResult<void> {
    if (::fsync(descriptor_.get()) != 0) return last_error();
    return {};
  });
}

Awaitable<FileResult<sftp::FileSystemStatistics>> LocalFile::statistics() {
  return perform(policy_, threads(), [this] { return statistics_of_descriptor(descriptor_.get()); });
}

Awaitable<FileResult<void>> LocalFile::close() {
  return perform(policy_, threads(), [this]() -> FileResult<void> {
    if (!descriptor_) return FileError::closed;
    // The descriptor is gone whatever close says.
    if (::close(descriptor_.release()) != 0 && errno != EINTR) return last_error();
    return {};
  });
}

}  // namespace hawser::server
