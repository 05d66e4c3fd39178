// Secrets in memory: wiped when they go, compared in constant time, never printed.
#pragma once

#include <string>
#include <string_view>

#include "hawser/wire/bytes.h"

namespace hawser::crypto {

// Overwrites in a way the compiler may not drop.
void wipe(MutableBytes bytes);
// Takes the same time for all contents of one length (a difference in length shows).
bool constant_time_equal(Bytes a, Bytes b);

// Bytes that are wiped before their memory is given back. Moves; copies only by `clone`.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size) : bytes_(size) {}
  explicit SecretBytes(Bytes bytes) : bytes_(bytes.begin(), bytes.end()) {}
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  ~SecretBytes() { wipe(bytes_); }

  SecretBytes clone() const { return SecretBytes(view()); }
  Bytes view() const { return bytes_; }
  MutableBytes mutable_view() { return bytes_; }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }

 private:
  ByteVector bytes_;
};

}  // namespace hawser::crypto
