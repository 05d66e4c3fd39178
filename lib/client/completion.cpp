#include "client/completion.h"

#include "client/sftp_session.h"

namespace hawser::client {

Completion::~Completion() {
  if (session_ != nullptr) session_->forget(*this);
}

void ReplyWaiter::complete(sftp::Reply& reply) {
  reply_ = std::move(reply);
  if (!handler_) return;
  // The coroutine goes on within this call, and its frame, where this object lives, may be gone after it.
  Handler handler = std::move(*std::exchange(handler_, std::nullopt));
  std::move(handler)();
}

void ReplyWaiter::abandon() {
  // The handler owns the coroutine: dropping it destroys the frame, and with it this object.
  const std::optional<Handler> dropped = std::exchange(handler_, std::nullopt);
}

net::Awaitable<sftp::Reply> ReplyWaiter::wait() {
  if (!reply_) {
    auto keep = [this](auto handler) { handler_.emplace(std::move(handler)); };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(keep, asio::use_awaitable);
  }
  co_return std::move(*reply_);
}

}  // namespace hawser::client
