#include "toml_reader.h"

#include <CLI/CLI.hpp>
#include <charconv>

namespace hawser::tools {

const toml::node* TomlReader::find(std::string_view key) {
  known_.emplace(key);
  return table_.get(key);
}

void TomlReader::read(std::string_view key, bool& out) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  if (const auto* value = node->as_boolean()) {
    out = value->get();
  } else {
    expected(*node, key, "true or false");
  }
}

void TomlReader::read(std::string_view key, std::string& out) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  if (const auto* value = node->as_string()) {
    out = value->get();
  } else {
    expected(*node, key, "a text in quotes");
  }
}

void TomlReader::read(std::string_view key, std::vector<std::string>& out) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const toml::array* array = node->as_array();
  if (array == nullptr) return expected(*node, key, "a list of texts, [\"…\", \"…\"]");
  out.clear();
  for (const toml::node& element : *array) {
    if (const auto* value = element.as_string()) {
      out.push_back(value->get());
    } else {
      expected(element, key, "a list of texts, [\"…\", \"…\"]");
    }
  }
}

std::optional<std::uint64_t> TomlReader::number(std::string_view key, std::uint64_t least, std::uint64_t most) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_integer();
  if (value != nullptr && value->get() >= 0) {
    const auto number = static_cast<std::uint64_t>(value->get());
    if (number >= least && number <= most) return number;
  }
  expected(*node, key, fmt::format("a whole number from {} to {}", least, most));
  return std::nullopt;
}

void TomlReader::read_size(std::string_view key, std::uint64_t& out) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  if (const auto* value = node->as_integer(); value != nullptr && value->get() >= 0) {
    out = static_cast<std::uint64_t>(value->get());
    return;
  }
  if (const auto* value = node->as_string()) {
    std::string text = value->get();
    try {
      if (CLI::AsSizeValue(false)(text).empty()) {
        out = std::stoull(text);
        return;
      }
    } catch (const std::exception&) {
      // Neither a number nor within 64 bits: the message below says what it must be.
    }
  }
  expected(*node, key, "a number of bytes, or a text like \"500M\" or \"10G\"");
}

void TomlReader::read_octal(std::string_view key, std::uint32_t& out, std::uint32_t most) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  if (const auto* value = node->as_string()) {
    const std::string& text = value->get();
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 8);
    if (error == std::errc() && end == text.data() + text.size() && number <= most) {
      out = number;
      return;
    }
  }
  expected(*node, key, fmt::format("an octal text from \"0\" to \"{:o}\"", most));
}

std::optional<std::size_t> TomlReader::read_choice(std::string_view key, const std::vector<std::string>& names) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* value = node->as_string()) {
    const auto found = std::ranges::find(names, value->get());
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  }
  expected(*node, key, fmt::format("one of \"{}\"", fmt::join(names, "\", \"")));
  return std::nullopt;
}

const toml::table* TomlReader::table(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return nullptr;
  if (node->as_table() == nullptr) expected(*node, key, fmt::format("a table, [{}]", key));
  return node->as_table();
}

std::vector<const toml::table*> TomlReader::tables(std::string_view key) {
  std::vector<const toml::table*> out;
  const toml::node* node = find(key);
  if (node == nullptr) return out;
  const toml::array* array = node->as_array();
  if (array == nullptr || !array->is_homogeneous(toml::node_type::table)) {
    expected(*node, key, fmt::format("tables, [[{}]]", key));
    return out;
  }
  for (const toml::node& element : *array) out.push_back(element.as_table());
  return out;
}

void TomlReader::finish() {
  for (const auto& [key, node] : table_) {
    if (known_.contains(key.str())) continue;
    problems_.add(node, fmt::format("{} is not known here; there are {}", name(key.str()), fmt::join(known_, ", ")));
  }
}

}  // namespace hawser::tools
