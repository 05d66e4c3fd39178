#include "server/async_lock.h"

#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/execution/outstanding_work.hpp>
#include <asio/post.hpp>
#include <asio/prefer.hpp>
#include <asio/use_awaitable.hpp>

namespace hawser::server {

template <class Handler>
class AsyncLock::HandlerWaiter final : public Waiter {
  using Executor = decltype(asio::prefer(asio::get_associated_executor(std::declval<Handler&>()),
                                         asio::execution::outstanding_work.tracked));

 public:
  explicit HandlerWaiter(Handler handler)
      : executor_(asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked)),
        handler_(std::move(handler)) {}

  void wake(Guard guard) override {
    asio::post(executor_,
               [handler = std::move(handler_), guard = std::move(guard)]() mutable { handler(std::move(guard)); });
  }

 private:
  Executor executor_;
  Handler handler_;
};

std::optional<AsyncLock::Guard> AsyncLock::try_enter() {
  const std::lock_guard lock(mutex_);
  if (held_) return std::nullopt;
  held_ = true;
  return Guard(*this);
}

Awaitable<AsyncLock::Guard> AsyncLock::enter() {
  std::optional<Guard> at_once = try_enter();
  if (at_once) co_return std::move(*at_once);
  auto start = [](auto handler, AsyncLock* self) {
    self->wait(std::make_unique<HandlerWaiter<decltype(handler)>>(std::move(handler)));
  };
  Guard guard =
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Guard)>(start, asio::use_awaitable, this);
  co_return guard;
}

void AsyncLock::wait(std::unique_ptr<Waiter> waiter) {
  {
    const std::lock_guard lock(mutex_);
    if (held_) {
      waiting_.push_back(std::move(waiter));
      return;
    }
    held_ = true;
  }
  waiter->wake(Guard(*this));
}

void AsyncLock::leave() {
  std::unique_ptr<Waiter> next;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
      held_ = false;
      return;
    }
    next = std::move(waiting_.front());
    waiting_.pop_front();
  }
  next->wake(Guard(*this));  // it stays held, for somebody else now
}

}  // namespace hawser::server
