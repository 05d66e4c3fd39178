#include "crypto/hex_number.h"

#include <algorithm>

namespace hawser::crypto {

namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

ByteVector hex_number(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  ByteVector bytes((text.size() + 1) / 2);
  for (std::size_t i = 0; i != text.size(); ++i) {
    const int value = digit(text[text.size() - 1 - i]);
    if (value < 0) return {};
    bytes[bytes.size() - 1 - i / 2] |= static_cast<std::uint8_t>(value << (i % 2 * 4));
  }
  return bytes;
}

}  // namespace hawser::crypto
