#include "client/local_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace hawser::client {
namespace {

constexpr std::size_t pieces_per_call = 64;  // a request of 255 KiB spans eight packets of 32 KiB

// Calls `io(iovec*, int, off_t)` until all pieces are done or it gives 0; gives the bytes done, or nothing and errno.
template <class Piece, class IO>
std::optional<std::size_t> all_of(std::span<const Piece> pieces, std::uint64_t offset, IO io) {
  std::size_t done = 0;
  std::size_t skip = 0;  // done of the first piece
  while (!pieces.empty()) {
    std::array<iovec, pieces_per_call> areas;
    std::size_t count = 0;
    for (const Piece& piece : pieces.first(std::min(pieces.size(), areas.size()))) {
      areas[count++] = {const_cast<std::uint8_t*>(piece.data()), piece.size()};
    }
    areas[0].iov_base = static_cast<std::uint8_t*>(areas[0].iov_base) + skip;
    areas[0].iov_len -= skip;
    const ssize_t moved = io(areas.data(), static_cast<int>(count), static_cast<off_t>(offset + done));
    if (moved < 0) {
      if (errno == EINTR) continue;
      return std::nullopt;
    }
    if (moved == 0) break;
    done += static_cast<std::size_t>(moved);
    skip += static_cast<std::size_t>(moved);
    while (!pieces.empty() && skip >= pieces.front().size()) {
      skip -= pieces.front().size();
      pieces = pieces.subspan(1);
    }
  }
  return done;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<LocalFile> LocalFile::open(int directory, const char* path, int flags, unsigned mode) {
  const int fd = ::openat(directory, path, flags | O_CLOEXEC, mode);
  if (fd < 0) return Error(Errc::file_error, "opening a local file");
  return LocalFile(Descriptor(fd));
}

Result<void> LocalFile::write_at(std::uint64_t offset, std::span<const Bytes> pieces) {
  const auto written =
      all_of(pieces, offset, [&](iovec* areas, int count, off_t at) { return ::pwritev(fd(), areas, count, at); });
  std::size_t size = 0;
  for (const Bytes piece : pieces) size += piece.size();
  if (!written || *written != size) return Error(Errc::file_error, "writing a local file");
  return {};
}

bool LocalFile::regular() const {
  struct stat status {};
  return ::fstat(fd(), &status) == 0 && S_ISREG(status.st_mode);
}

void LocalFile::cut_short(std::uint64_t end) {
  struct stat status {};
  if (::fstat(fd(), &status) != 0 || !S_ISREG(status.st_mode) || static_cast<std::uint64_t>(status.st_size) <= end)
    return;
  // It fails where the disk does, and then the failure of the transfer says enough.
  [[maybe_unused]] const int cut = ::ftruncate(fd(), static_cast<off_t>(end));
}

Result<std::size_t> LocalFile::read_at(std::uint64_t offset, std::span<const MutableBytes> areas) {
  const auto read =
      all_of(areas, offset, [&](iovec* pieces, int count, off_t at) { return ::preadv(fd(), pieces, count, at); });
  if (!read) return Error(Errc::file_error, "reading a local file");
  return *read;
}

Result<void> LocalFile::close() {
  const int fd = descriptor_.release();
  if (fd >= 0 && ::close(fd) != 0 && errno != EINTR) return Error(Errc::file_error, "closing a local file");
  return {};
}

}  // namespace hawser::client
