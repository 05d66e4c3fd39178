// Test vectors as their source prints them: `from_hex("00 01 0a ff")`, or "00010aff"_hex. White space is skipped.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "hawser/wire/bytes.h"

namespace hawser::test {

inline ByteVector from_hex(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  ByteVector out;
  bool half = false;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') continue;
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    const std::size_t digit = digits.find(lower);
    if (digit == std::string_view::npos) throw std::invalid_argument("not a hex digit: " + std::string(1, c));
    if (half) {
      out.back() = static_cast<std::uint8_t>((out.back() << 4) | digit);
    } else {
      out.push_back(static_cast<std::uint8_t>(digit));
    }
    half = !half;
  }
  if (half) throw std::invalid_argument("an odd number of hex digits");
  return out;
}

inline std::string to_hex(Bytes bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

inline namespace literals {
inline ByteVector operator""_hex(const char* text, std::size_t size) { return from_hex({text, size}); }
}  // namespace literals

}  // namespace hawser::test
