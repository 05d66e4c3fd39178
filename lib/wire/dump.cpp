#include "hawser/wire/dump.h"

#include <algorithm>
#include <array>

namespace hawser::wire {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

void append_hex(std::string& out, std::uint8_t byte) {
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

}  // namespace

std::string escaped(std::string_view text, std::size_t limit) {
  std::string out;
  for (const char c : text.substr(0, limit)) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '\\' || c == '"') {
      out += "\\x";
      append_hex(out, byte);
    } else {
      out += c;
    }
  }
  if (text.size() > limit) out += "…";
  return out;
}

std::string hex(Bytes bytes, std::size_t limit) {
  std::string out;
  for (const std::uint8_t byte : bytes.first(std::min(limit, bytes.size()))) append_hex(out, byte);
  if (bytes.size() > limit) out += "…";
  return out;
}

void dump_value(std::string& out, bool value) { out += value ? "true" : "false"; }
void dump_value(std::string& out, std::uint64_t value) { out += std::to_string(value); }

void dump_value(std::string& out, Bytes value) {
  out += '[';
  out += std::to_string(value.size());
  out += value.empty() ? "]" : "] ";
  out += hex(value);
}

void dump_value(std::string& out, std::string_view value) {
  out += '"';
  out += escaped(value);
  out += '"';
}

}  // namespace hawser::wire
