// The streams of a Backend. Synchronous, used by one thread at a time; failures are thrown as RemoteStoreError.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "hawser/wire/bytes.h"

namespace hawser::client {

class ReadStream {
 public:
  virtual ~ReadStream() = default;

  // Fewer bytes than asked for only at the end; 0 at the end, and again after it. A connection that breaks is an error,
  // never an end.
  virtual std::size_t read(MutableBytes into) = 0;
  virtual bool seekable() const { return false; }
  // From the beginning; past the end is allowed and reads nothing. Throws CapabilityNotSupported("seekable_read") by
  // default.
  virtual void seek(std::uint64_t position);
  virtual std::uint64_t tell() const = 0;
  virtual std::optional<std::uint64_t> size() const { return std::nullopt; }
  // Idempotent. Reading afterwards throws.
  virtual void close() = 0;

  // From here to the end.
  ByteVector read_all();
};

class WriteStream {
 public:
  virtual ~WriteStream() = default;
  virtual void write(Bytes data) = 0;
  virtual std::uint64_t tell() const = 0;  // bytes written
};

// Borrowed memory as a stream.
class MemoryReadStream final : public ReadStream {
 public:
  explicit MemoryReadStream(Bytes bytes) : bytes_(bytes) {}
  std::size_t read(MutableBytes into) override;
  bool seekable() const override { return true; }
  void seek(std::uint64_t position) override { position_ = position; }
  std::uint64_t tell() const override { return position_; }
  std::optional<std::uint64_t> size() const override { return bytes_.size(); }
  void close() override {}

 private:
  Bytes bytes_;
  std::uint64_t position_ = 0;
};

// Reads `source` to its end, closes it, and gives what it held as a stream that can seek: the first 8 MiB in memory,
// more in a temporary file.
std::unique_ptr<ReadStream> spooled(std::unique_ptr<ReadStream> source);

}  // namespace hawser::client
