// Writes RFC 4251 §5 data types into a buffer of the caller's. Never grows it: writing past the end makes `ok()` false
// and writes nothing more. `encoded_size` (codec.h) tells how much room a message needs.
#pragma once

#include <cstdint>

#include "hawser/wire/bytes.h"
#include "hawser/wire/types.h"

namespace hawser::wire {

class Writer {
 public:
  explicit Writer(MutableBytes output) : output_(output) {}

  void byte(std::uint8_t value);
  void boolean(bool value) { byte(value ? 1 : 0); }
  void uint32(std::uint32_t value);
  void uint64(std::uint64_t value);
  void string(Bytes value);
  void string(std::string_view value) { string(as_bytes(value)); }
  void raw(Bytes value);

  bool ok() const { return ok_; }
  std::size_t size() const { return position_; }
  Bytes written() const { return output_.first(position_); }

 private:
  MutableBytes claim(std::size_t size);

  MutableBytes output_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

// The same for text and hash inputs that grow: appends to a vector of the caller's.
void append_uint32(ByteVector& out, std::uint32_t value);
void append_uint64(ByteVector& out, std::uint64_t value);
void append_string(ByteVector& out, Bytes value);
inline void append_string(ByteVector& out, std::string_view value) { append_string(out, as_bytes(value)); }
void append_mpint(ByteVector& out, Bytes unsigned_big_endian);

std::uint32_t load_uint32(const std::uint8_t* from);
void store_uint32(std::uint8_t* to, std::uint32_t value);
void store_uint64(std::uint8_t* to, std::uint64_t value);

}  // namespace hawser::wire
