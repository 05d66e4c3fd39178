// The RFC 4251 §5 data types that C++ has no type for. All are views into the packet they were decoded from.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hawser/wire/bytes.h"

namespace hawser::wire {

// name-list: comma-separated names of printable US-ASCII (RFC 4251 §5). Iterates without allocating.
class NameList {
 public:
  constexpr NameList() = default;
  constexpr explicit NameList(std::string_view text) : text_(text) {}

  class Iterator {
   public:
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(std::string_view rest) : rest_(rest), end_(rest.empty()) { cut(); }
    std::string_view operator*() const { return name_; }
    Iterator& operator++();
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& a, std::default_sentinel_t) { return a.end_; }

   private:
    void cut() { name_ = rest_.substr(0, rest_.find(',')); }
    std::string_view rest_;
    std::string_view name_;
    bool end_ = true;
  };

  Iterator begin() const { return Iterator(text_); }
  static std::default_sentinel_t end() { return {}; }
  bool contains(std::string_view name) const;
  bool empty() const { return text_.empty(); }
  constexpr std::string_view text() const { return text_; }
  std::vector<std::string> names() const;
  friend bool operator==(const NameList&, const NameList&) = default;

 private:
  std::string_view text_;
};

// Joins names to the text of a name-list.
std::string join(const std::vector<std::string_view>& names);
std::string join(const std::vector<std::string>& names);

// mpint: two's complement, big endian, shortest form (RFC 4251 §5). `bytes` is the content of the length-prefixed
// field.
struct Mpint {
  Bytes bytes;
  bool negative() const { return !bytes.empty() && (bytes[0] & 0x80) != 0; }
  // The number as unsigned big-endian bytes; nullopt where it is negative or not in its shortest form.
  std::optional<Bytes> digits() const;
};

// The bytes up to the end of the message, for fields whose form depends on a name decoded before them.
struct Rest {
  Bytes bytes;
};

// The content of an mpint for an unsigned big-endian number: leading zeros cut, one zero put before a high bit.
ByteVector mpint_content(Bytes unsigned_big_endian);

}  // namespace hawser::wire
