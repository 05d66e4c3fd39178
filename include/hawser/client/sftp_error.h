// How an SFTP operation ends when it does not succeed: what the server said, or why there is no answer.
//
//   SFTPResult<sftp::Attributes> attributes = co_await client->stat("/etc/hosts");
//   if (!attributes) log(attributes.error().message());
#pragma once

#include <string>
#include <variant>

#include "hawser/sftp/status.h"
#include "hawser/wire/result.h"

namespace hawser::client {

class [[nodiscard]] SFTPError {
 public:
  // There is no answer of the server: the connection has gone, a reply made no sense, a local file failed.
  SFTPError(Error error) : error_(error) {}
  SFTPError(Error error, std::string text) : error_(error), text_(std::move(text)) {}
  // The server refused. `text` is its message, escaped.
  SFTPError(sftp::StatusCode status, std::string text);

  // not_found, permission_denied, unsupported, end_of_file or request_refused for an answer of the server.
  Errc code() const { return error_.code(); }
  const Error& error() const { return error_; }
  // Whether the server answered; then `status()` is its code (a code that filexfer does not know is kept as it came).
  bool from_server() const { return from_server_; }
  sftp::StatusCode status() const { return status_; }
  // What the server wrote, or what is known locally. Safe to print.
  const std::string& text() const { return text_; }
  // For people, never empty.
  std::string message() const;

  bool is(sftp::StatusCode status) const { return from_server_ && status_ == status; }

 private:
  Error error_;
  bool from_server_ = false;
  sftp::StatusCode status_ = sftp::StatusCode::failure;
  std::string text_;
};

template <class T>
class [[nodiscard]] SFTPResult {
 public:
  SFTPResult(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  SFTPResult(SFTPError error) : state_(std::in_place_index<1>, std::move(error)) {}
  SFTPResult(Error error) : SFTPResult(SFTPError(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  bool has_value() const { return state_.index() == 0; }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const SFTPError& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, SFTPError> state_;
};

template <>
class [[nodiscard]] SFTPResult<void> {
 public:
  SFTPResult() = default;
  SFTPResult(SFTPError error) : state_(std::move(error)) {}
  SFTPResult(Error error) : SFTPResult(SFTPError(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  bool has_value() const { return state_.index() == 0; }
  const SFTPError& error() const { return std::get<1>(state_); }

 private:
  std::variant<std::monostate, SFTPError> state_;
};

}  // namespace hawser::client
