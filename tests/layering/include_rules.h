// The arrows of doc/architecture.md as data, and the check of one #include line against them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::test {

struct Layer {
  std::string_view name;
  std::vector<std::string_view> may_include;  // beside itself
};

// From the bottom up: a layer may include only layers that stand before it.
std::span<const Layer> layers();

struct IncludeLine {
  std::string file;  // relative to the source root, with forward slashes
  std::size_t line = 0;
  std::string target;
  bool angled = false;  // <target>, not "target"
};

// The target of an #include directive; nothing for any other line.
std::optional<IncludeLine> parse_include(std::string_view text);

// Every #include line of the folders that the rules are about.
std::vector<IncludeLine> read_includes(const std::filesystem::path& root);

// `file:line: what is wrong`, or nothing. `exists` tells whether a path relative to the source root is a file.
using Exists = std::function<bool(const std::string& path)>;
std::optional<std::string> violation(const IncludeLine& include, const Exists& exists);

}  // namespace hawser::test
