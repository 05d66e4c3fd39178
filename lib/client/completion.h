// What waits for the reply to one request. It may go away before the reply comes: the session then drops the reply.
#pragma once

#include <asio/use_awaitable.hpp>
#include <optional>

#include "hawser/net/byte_channel.h"
#include "hawser/sftp/reply.h"

namespace hawser::client {

class SFTPSession;

class Completion {
 public:
  Completion() = default;
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;

  // The reply, or what ended the session as a body of `Error`. Called once per request; may post the next one.
  virtual void complete(sftp::Reply& reply) = 0;
  // The event loop is being torn down: no reply will come, nothing may run any more.
  virtual void abandon() {}

 protected:
  ~Completion();
  // No reply is wanted any more.
  void withdraw();

 private:
  friend class SFTPSession;
  SFTPSession* session_ = nullptr;  // while a request is under way
  std::uint32_t slot_ = 0;
};

// Lets one coroutine wait for one reply. It lives in that coroutine's frame, so that a request costs no allocation of
// its own.
class ReplyWaiter final : public Completion {
 public:
  void complete(sftp::Reply& reply) override;
  void abandon() override;

  // The reply; to be awaited once. Where the coroutine is cancelled meanwhile: Errc::cancelled, and the reply is
  // dropped when it comes.
  net::Awaitable<sftp::Reply> wait();

 private:
  void cancel();

  using Handler = asio::async_result<asio::use_awaitable_t<>, void()>::handler_type;
  std::optional<sftp::Reply> reply_;
  std::optional<Handler> handler_;
};

}  // namespace hawser::client
