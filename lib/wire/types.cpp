#include "hawser/wire/types.h"

#include <algorithm>

namespace hawser::wire {

NameList::Iterator& NameList::Iterator::operator++() {
  if (name_.size() == rest_.size()) {
    end_ = true;
  } else {
    rest_.remove_prefix(name_.size() + 1);
    cut();
  }
  return *this;
}

bool NameList::contains(std::string_view name) const {
  for (const std::string_view mine : *this) {
    if (mine == name) return true;
  }
  return false;
}

std::vector<std::string> NameList::names() const {
  std::vector<std::string> all;
  for (const std::string_view name : *this) all.emplace_back(name);
  return all;
}

namespace {

template <class Names>
std::string join_names(const Names& names) {
  std::string text;
  for (const auto& name : names) {
    if (!text.empty()) text += ',';
    text += name;
  }
  return text;
}

}  // namespace

std::string join(const std::vector<std::string_view>& names) { return join_names(names); }
std::string join(const std::vector<std::string>& names) { return join_names(names); }

std::optional<Bytes> Mpint::digits() const {
  if (bytes.empty() || bytes[0] != 0) return negative() ? std::nullopt : std::optional<Bytes>(bytes);
  if (bytes.size() == 1 || (bytes[1] & 0x80) == 0) return std::nullopt;
  return bytes.subspan(1);
}

ByteVector mpint_content(Bytes number) {
  const auto first = std::ranges::find_if(number, [](std::uint8_t b) { return b != 0; });
  ByteVector content;
  content.reserve(number.size() + 1);
  if (first != number.end() && (*first & 0x80) != 0) content.push_back(0);
  content.insert(content.end(), first, number.end());
  return content;
}

}  // namespace hawser::wire
