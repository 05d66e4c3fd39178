#include "hawser/client/pem.h"

#include <stdexcept>
#include <vector>

namespace hawser::client {
namespace {

constexpr std::string_view dashes = "-----";

std::vector<std::string_view> split_at_dashes(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(dashes);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + dashes.size());
  }
}

bool base64_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
}

std::string with_newlines(std::string_view payload) {
  std::string out;
  char separator = '\0';
  for (std::size_t i = 0; i < payload.size(); ++i) {
    char c = payload[i];
    if (base64_character(c)) {
      out += c;
      continue;
    }
    if (c == '\r' && i + 1 < payload.size() && payload[i + 1] == '\n') {
      ++i;
      c = '\n';
    }
    if (separator == '\0') separator = c;
    if (c != separator || c == '\0') throw std::invalid_argument("PEM: more than one character stands for newlines");
    out += '\n';
  }
  return out;
}

}  // namespace

std::string sanitize_pem(std::string_view text) {
  // Before, BEGIN …, payload, END …, after.
  const std::vector<std::string_view> parts = split_at_dashes(text);
  if (parts.size() != 5) throw std::invalid_argument("PEM: not one block between BEGIN and END");
  std::string out(parts[0]);
  out.append(dashes).append(parts[1]).append(dashes);
  out.append(with_newlines(parts[2]));
  out.append(dashes).append(parts[3]).append(dashes).append(parts[4]);
  return out;
}

}  // namespace hawser::client
