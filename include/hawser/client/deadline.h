// An operation of an SFTPClient that may take no longer than this.
//
//   SFTPResult<sftp::Attributes> found = co_await with_deadline(std::chrono::seconds(5), sftp->stat("/tmp/x"));
#pragma once

#include "hawser/client/sftp_error.h"
#include "hawser/net/deadline.h"

namespace hawser::client {

template <class T>
net::Awaitable<void> keep_result(std::shared_ptr<std::optional<SFTPResult<T>>> result,
                                 net::Awaitable<SFTPResult<T>> operation) {
  SFTPResult<T> value = co_await std::move(operation);
  result->emplace(std::move(value));
}

// The operation's result, or Errc::timed_out when the time has come first. Then the operation has been cancelled: what
// it asked of the server may have been done, in part or in whole; the session goes on, and drops the replies that come
// late. Cancelling by hand (asio::bind_cancellation_slot) does the same, and gives Errc::cancelled, or throws
// operation_aborted.
template <class T>
net::Awaitable<SFTPResult<T>> with_deadline(std::chrono::milliseconds time, net::Awaitable<SFTPResult<T>> operation) {
  const auto result = std::make_shared<std::optional<SFTPResult<T>>>();
  net::Awaitable<bool> running = net::run_with_deadline(time, keep_result<T>(result, std::move(operation)));
  const bool in_time = co_await std::move(running);
  if (!in_time && (!*result || (!**result && (**result).error().code() == Errc::cancelled))) {
    co_return Error(Errc::timed_out, "the operation's deadline");
  }
  co_return std::move(**result);
}

}  // namespace hawser::client
