#include "hawser/wire/reader.h"

#include "hawser/wire/limits.h"
#include "hawser/wire/writer.h"

namespace hawser::wire {
namespace {

// RFC 4251 §5: a name-list has no empty names. §6: names are printable US-ASCII and at most 64 characters long.
bool valid_name_list(std::string_view text) {
  if (text.empty()) return true;
  std::size_t length = 0;
  for (const char c : text) {
    if (c == ',') {
      if (length == 0) return false;
      length = 0;
    } else {
      if (c <= 0x20 || c >= 0x7f) return false;
      if (++length > limits::name) return false;
    }
  }
  return length != 0;
}

}  // namespace

Bytes Reader::raw(std::size_t size) {
  if (!ok()) return {};
  if (size > remaining()) {
    fail(Errc::truncated);
    return {};
  }
  const Bytes bytes = input_.subspan(position_, size);
  position_ += size;
  return bytes;
}

std::uint8_t Reader::byte() {
  const Bytes b = raw(1);
  return b.empty() ? std::uint8_t{0} : b[0];
}

bool Reader::boolean() { return byte() != 0; }

std::uint32_t Reader::uint32() {
  const Bytes b = raw(4);
  return b.empty() ? 0 : load_uint32(b.data());
}

std::uint64_t Reader::uint64() {
  const Bytes b = raw(8);
  if (b.empty()) return 0;
  return (std::uint64_t{load_uint32(b.data())} << 32) | load_uint32(b.data() + 4);
}

Bytes Reader::string() { return raw(uint32()); }

NameList Reader::name_list() {
  const std::string_view list = text();
  if (!valid_name_list(list)) {
    fail(Errc::bad_value);
    return {};
  }
  return NameList(list);
}

Mpint Reader::mpint() {
  const Bytes bytes = string();
  // RFC 4251 §5: unnecessary leading bytes 0 or 255 must not be included.
  const bool padded =
      (bytes.size() == 1 && bytes[0] == 0) ||
      (bytes.size() > 1 && ((bytes[0] == 0 && bytes[1] < 0x80) || (bytes[0] == 0xff && bytes[1] >= 0x80)));
  if (padded) {
    fail(Errc::bad_value);
    return {};
  }
  return {bytes};
}

Bytes Reader::rest() { return raw(ok() ? remaining() : 0); }

void Reader::fail(Errc code) {
  if (ok()) error_ = Error(code, field_);
}

Result<void> Reader::finish() const {
  if (!ok()) return error_;
  if (remaining() != 0) return Error(Errc::trailing_bytes);
  return {};
}

Result<void> Reader::status() const {
  if (!ok()) return error_;
  return {};
}

}  // namespace hawser::wire
