#include "hawser/client/glob.h"

#include <algorithm>
#include <span>

namespace hawser::client {
namespace {

// The end of the class that begins at `open`, the place of its `]`; npos where there is none. A `]` that comes first
// belongs to the class.
std::size_t end_of_class(std::string_view pattern, std::size_t open) {
  std::size_t first = open + 1;
  if (first < pattern.size() && pattern[first] == '!') ++first;
  return pattern.find(']', first + 1);
}

bool class_holds(std::string_view members, char byte) {
  const bool negated = members.starts_with('!');
  if (negated) members.remove_prefix(1);
  const auto value = [](char c) { return static_cast<unsigned char>(c); };
  for (std::size_t i = 0; i < members.size(); ++i) {
    const bool range = i + 2 < members.size() && members[i + 1] == '-';
    const char last = range ? members[i + 2] : members[i];
    if (value(members[i]) <= value(byte) && value(byte) <= value(last)) return !negated;
    if (range) i += 2;
  }
  return negated;
}

// The length of what stands at `at` in the pattern when it matches one byte, else 0.
std::size_t matches_byte(std::string_view pattern, std::size_t at, char byte) {
  if (at == pattern.size()) return 0;
  if (pattern[at] == '?') return 1;
  if (pattern[at] == '[') {
    const std::size_t end = end_of_class(pattern, at);
    if (end != std::string_view::npos)
      return class_holds(pattern.substr(at + 1, end - at - 1), byte) ? end - at + 1 : 0;
  }
  return pattern[at] == byte ? 1 : 0;
}

bool has_wildcard(std::string_view component) { return component.find_first_of("*?[") != std::string_view::npos; }

// As name_matches, with components in place of bytes: only the last `**` need ever be tried again.
bool components_match(std::span<const std::string> pattern, std::span<const std::string> key) {
  std::size_t p = 0;
  std::size_t k = 0;
  std::optional<std::size_t> star;
  std::size_t star_key = 0;
  while (k < key.size()) {
    if (p < pattern.size() && pattern[p] == "**") {
      if (p + 1 == pattern.size()) return true;
      star = p++;
      star_key = k;
    } else if (p < pattern.size() && name_matches(pattern[p], key[k])) {
      ++p;
      ++k;
    } else if (star) {
      p = *star + 1;
      k = ++star_key;
    } else {
      return false;
    }
  }
  return p == pattern.size();
}

}  // namespace

bool name_matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  // Of several stars only the last need take more: what the ones before have matched can stay.
  std::optional<std::size_t> star;
  std::size_t star_name = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_name = n;
    } else if (const std::size_t length = matches_byte(pattern, p, name[n])) {
      p += length;
      ++n;
    } else if (star) {
      p = *star + 1;
      n = ++star_name;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

GlobPattern::GlobPattern(std::string_view pattern) {
  const RemotePath path = RemotePath::parse(pattern);
  if (path.is_root()) return;
  components_ = path.parts();
  const auto last = components_.end() - 1;
  const auto wild = std::find_if(components_.begin(), last, has_wildcard);
  for (auto one = components_.begin(); one != wild; ++one) folder_ += (folder_.empty() ? "" : "/") + *one;
  if (std::ranges::find(components_, "**") == components_.end()) depth_ = static_cast<int>(last - wild);
}

bool GlobPattern::matches(std::string_view key) const {
  const RemotePath path = RemotePath::parse(key);
  return !path.is_root() && components_match(components_, path.parts());
}

std::vector<FileInfo> glob_files(Backend& backend, std::string_view pattern) {
  if (backend.capabilities().supports(Capability::glob)) return backend.glob(pattern);
  const GlobPattern wanted(pattern);
  const ListOptions reach{.recursive = true, .max_depth = wanted.depth(), .pattern = {}};
  std::vector<FileInfo> files = backend.list_files(wanted.folder(), reach);
  std::erase_if(files, [&](const FileInfo& file) { return !wanted.matches(file.path.text()); });
  return files;
}

}  // namespace hawser::client
