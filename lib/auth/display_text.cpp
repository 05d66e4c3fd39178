#include "auth/display_text.h"

#include <cstdint>

namespace hawser::auth {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t position) { return static_cast<std::uint8_t>(text[position]); }

bool continues(std::string_view text, std::size_t position) {
  return position < text.size() && (byte_at(text, position) & 0xc0) == 0x80;
}

// The size of the printable UTF-8 character at `position`; 0 where none begins there.
std::size_t character_size(std::string_view text, std::size_t position) {
  const std::uint8_t lead = byte_at(text, position);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  const std::size_t size = lead >= 0xc2 && lead < 0xe0   ? 2
                           : lead >= 0xe0 && lead < 0xf0 ? 3
                           : lead >= 0xf0 && lead < 0xf5 ? 4
                                                         : 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (!continues(text, position + i)) return 0;
  }
  if (size == 0) return 0;
  const std::uint8_t second = byte_at(text, position + 1);
  const bool c1_control = lead == 0xc2 && second < 0xa0;
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool outside = (lead == 0xed && second >= 0xa0) || (lead == 0xf4 && second >= 0x90);
  return c1_control || overlong || outside ? 0 : size;
}

}  // namespace

std::string display_text(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    const char c = text[position];
    // RFC 4252 §5.4 ends lines with CR LF.
    const bool line_end = c == '\r' && position + 1 < text.size() && text[position + 1] == '\n';
    if (line_end) {
      ++position;
    } else if (c == '\n' || c == '\t') {
      out += c;
      ++position;
    } else if (const std::size_t size = character_size(text, position); size != 0) {
      out += text.substr(position, size);
      position += size;
    } else {
      out += "\\x";
      out += digits[byte_at(text, position) >> 4];
      out += digits[byte_at(text, position) & 15];
      ++position;
    }
  }
  return out;
}

}  // namespace hawser::auth
