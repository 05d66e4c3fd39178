#include "hawser/wire/writer.h"

#include <cstring>

#include "hawser/wire/copy_bytes.h"

namespace hawser::wire {

MutableBytes Writer::claim(std::size_t size) {
  if (!ok_ || size > output_.size() - position_) {
    ok_ = false;
    return {};
  }
  const MutableBytes room = output_.subspan(position_, size);
  position_ += size;
  return room;
}

void Writer::byte(std::uint8_t value) {
  if (const MutableBytes room = claim(1); ok_) room[0] = value;
}

void Writer::uint32(std::uint32_t value) {
  if (const MutableBytes room = claim(4); ok_) store_uint32(room.data(), value);
}

void Writer::uint64(std::uint64_t value) {
  if (const MutableBytes room = claim(8); ok_) store_uint64(room.data(), value);
}

void Writer::string(Bytes value) {
  uint32(static_cast<std::uint32_t>(value.size()));
  raw(value);
}

void Writer::raw(Bytes value) {
  if (const MutableBytes room = claim(value.size()); ok_) copy_bytes(value, room);
}

std::uint32_t load_uint32(const std::uint8_t* from) {
  return (std::uint32_t{from[0]} << 24) | (std::uint32_t{from[1]} << 16) | (std::uint32_t{from[2]} << 8) | from[3];
}

void store_uint32(std::uint8_t* to, std::uint32_t value) {
  to[0] = static_cast<std::uint8_t>(value >> 24);
  to[1] = static_cast<std::uint8_t>(value >> 16);
  to[2] = static_cast<std::uint8_t>(value >> 8);
  to[3] = static_cast<std::uint8_t>(value);
}

void store_uint64(std::uint8_t* to, std::uint64_t value) {
  store_uint32(to, static_cast<std::uint32_t>(value >> 32));
  store_uint32(to + 4, static_cast<std::uint32_t>(value));
}

void append_uint32(ByteVector& out, std::uint32_t value) {
  out.resize(out.size() + 4);
  store_uint32(out.data() + out.size() - 4, value);
}

void append_uint64(ByteVector& out, std::uint64_t value) {
  out.resize(out.size() + 8);
  store_uint64(out.data() + out.size() - 8, value);
}

void append_string(ByteVector& out, Bytes value) {
  append_uint32(out, static_cast<std::uint32_t>(value.size()));
  out.insert(out.end(), value.begin(), value.end());
}

void append_mpint(ByteVector& out, Bytes unsigned_big_endian) {
  append_string(out, mpint_content(unsigned_big_endian));
}

}  // namespace hawser::wire
