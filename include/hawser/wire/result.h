// `Result<T>` is a value or an `Error`; it stands in for std::expected, which C++20 lacks.
//
//   Result<KexInit> message = decode<KexInit>(payload);
//   if (!message) return message.error();
//   use(message->cookie);
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

#include "hawser/wire/errc.h"

namespace hawser {

// What went wrong (`code`) and where: `where` is a static text that names the field, the message or the rule.
class [[nodiscard]] Error {
 public:
  constexpr explicit Error(Errc code, const char* where = "") : code_(code), where_(where) {}

  constexpr Errc code() const { return code_; }
  constexpr const char* where() const { return where_; }
  std::string message() const;

  friend bool operator==(const Error& a, const Error& b) { return a.code_ == b.code_; }

 private:
  Errc code_;
  const char* where_;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, error) {}

  explicit operator bool() const { return state_.index() == 0; }
  bool has_value() const { return state_.index() == 0; }

  // Only after a check that there is a value.
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  T& value() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && { return std::move(value()); }
  const T& value() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }

  // Only after a check that there is none.
  const Error& error() const {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  constexpr Result() = default;
  constexpr Result(Error error) : error_(error) {}

  constexpr explicit operator bool() const { return error_.code() == Errc::ok; }
  constexpr bool has_value() const { return error_.code() == Errc::ok; }
  constexpr const Error& error() const { return error_; }

 private:
  Error error_{Errc::ok};
};

}  // namespace hawser
