#include "printable.h"

#include <fmt/format.h>

#include <cstdint>

namespace hawser::tools {
namespace {

struct Character {
  std::size_t size = 0;  // bytes; 0: not UTF-8
  std::uint32_t code = 0;
};

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {1, lead};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
  if (size == 0 || lead > 0xf4 || text.size() < size) return {};
  std::uint32_t code = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3fU);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < least[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
  return {size, code};
}

bool disturbs(std::uint32_t code) {
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;
  return code == 0x061c || (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2060 && code <= 0x2069) || code == 0xfeff;
}

// Combining characters take none; counting one for them only leaves room unused.
std::size_t columns_of(std::uint32_t code) { return code < 0x1100 ? 1 : 2; }

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Character character = first_character(text);
    const std::size_t size = character.size == 0 ? 1 : character.size;
    if (character.size == 0 || disturbs(character.code)) {
      for (const char c : text.substr(0, size)) out += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(c));
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return out;
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    count += columns_of(character.code);
    text.remove_prefix(character.size == 0 ? 1 : character.size);
  }
  return count;
}

std::string shortened(std::string_view text, std::size_t width) {
  constexpr std::string_view dots = "...";
  if (columns(text) <= width) return std::string(text);
  if (width < dots.size()) return {};
  while (columns(text) > width - dots.size()) {
    const Character character = first_character(text);
    text.remove_prefix(character.size == 0 ? 1 : character.size);
  }
  return std::string(dots) + std::string(text);
}

}  // namespace hawser::tools
