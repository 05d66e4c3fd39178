#include "client/completion.h"

#include <asio/associated_cancellation_slot.hpp>
#include <asio/post.hpp>

#include "client/sftp_session.h"

namespace hawser::client {

Completion::~Completion() { withdraw(); }

void Completion::withdraw() {
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

void ReplyWaiter::cancel() {
  if (!handler_) return;
  withdraw();
  reply_ = SFTPSession::lost(Error(Errc::cancelled));
  // Later: whoever cancels must not find the coroutine, and what it owns, gone on its return.
  Handler handler = std::move(*std::exchange(handler_, std::nullopt));
  const auto executor = asio::get_associated_executor(handler);
  asio::post(executor, std::move(handler));
}

net::Awaitable<sftp::Reply> ReplyWaiter::wait() {
  if (!reply_) {
    auto keep = [this](auto handler) {
      asio::cancellation_slot stop = asio::get_associated_cancellation_slot(handler);
      if (stop.is_connected()) stop.assign([this](asio::cancellation_type) { cancel(); });
      handler_.emplace(std::move(handler));
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(keep, asio::use_awaitable);
  }
  co_return std::move(*reply_);
}

}  // namespace hawser::client
