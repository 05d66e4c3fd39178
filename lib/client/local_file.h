// Local files as the two ends of a transfer: one gather call per request, straight from and to the packets.
#pragma once

#include <utility>

#include "hawser/client/transfer.h"

namespace hawser::client {

// A file descriptor with one owner.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

class LocalFile final : public DataSink, public DataSource {
 public:
  explicit LocalFile(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  // Errors: file_error; errno says why.
  static Result<LocalFile> open(int directory, const char* path, int flags, unsigned mode = 0);

  Result<void> write_at(std::uint64_t offset, std::span<const Bytes> pieces) override;
  // What is left has no holes, so that a later transfer can go on at its end.
  void cut_short(std::uint64_t end) override;
  Result<std::size_t> read_at(std::uint64_t offset, std::span<const MutableBytes> areas) override;

  bool regular() const;
  int fd() const { return descriptor_.get(); }
  // Closes and reports what could not be stored.
  Result<void> close();

 private:
  Descriptor descriptor_;
};

}  // namespace hawser::client
