// Takes values out of a TOML table with what they must be, and notes everything that is wrong with file and line: all
// of it, not the first.
#pragma once

#include <fmt/format.h>
#include <toml++/toml.h>

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hawser::tools {

class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  std::string at(const toml::node& node) const { return fmt::format("{}:{}", file_, node.source().begin.line); }
  void add(const toml::node& node, const std::string& text) { lines_.push_back(at(node) + ": " + text); }
  void add(const std::string& text) { lines_.push_back(file_ + ": " + text); }

  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::string file_;
  std::vector<std::string> lines_;
};

class TomlReader {
 public:
  // `path`: how the table is called in messages, empty for the file itself. Both references are borrowed.
  TomlReader(const toml::table& table, std::string path, Problems& problems)
      : table_(table), path_(std::move(path)), problems_(problems) {}

  // Each leaves `out` alone where the key is missing, and notes a problem where the value is not what it must be.
  void read(std::string_view key, bool& out);
  void read(std::string_view key, std::string& out);
  void read(std::string_view key, std::vector<std::string>& out);
  // A whole number from `least` to `most`.
  template <class Number>
  void read(std::string_view key, Number& out, std::uint64_t least, std::uint64_t most) {
    if (const std::optional<std::uint64_t> value = number(key, least, most)) out = static_cast<Number>(*value);
  }
  template <class Rep, class Period>
  void read_seconds(std::string_view key, std::chrono::duration<Rep, Period>& out, std::uint64_t most) {
    if (const std::optional<std::uint64_t> value = number(key, 0, most)) out = std::chrono::seconds(*value);
  }
  // A number of bytes, or a text like "10G": K, M, G and T are powers of 1024.
  void read_size(std::string_view key, std::uint64_t& out);
  // An octal text like "022".
  void read_octal(std::string_view key, std::uint32_t& out, std::uint32_t most);
  // One of the names, as its place among them.
  std::optional<std::size_t> read_choice(std::string_view key, const std::vector<std::string>& names);

  const toml::table* table(std::string_view key);                // null: missing, or no table
  std::vector<const toml::table*> tables(std::string_view key);  // [[key]]

  // A problem with the value of `key`, which is there.
  void refuse(std::string_view key, const std::string& text) {
    problems_.add(*table_.get(key), name(key) + " " + text);
  }
  // A problem with the table as a whole.
  void refuse(const std::string& text) { problems_.add(table_, (path_.empty() ? "" : path_ + ": ") + text); }
  std::string where() const { return problems_.at(table_); }
  // Notes every key that nobody has read.
  void finish();

 private:
  const toml::node* find(std::string_view key);
  std::optional<std::uint64_t> number(std::string_view key, std::uint64_t least, std::uint64_t most);
  std::string name(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
  }
  void expected(const toml::node& node, std::string_view key, const std::string& what) {
    problems_.add(node, fmt::format("{}: expected {}", name(key), what));
  }

  const toml::table& table_;
  const std::string path_;
  Problems& problems_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace hawser::tools
