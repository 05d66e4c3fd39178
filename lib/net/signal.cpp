#include "hawser/net/signal.h"

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

namespace hawser::net {

asio::awaitable<void> Signal::wait() {
  ++waiters_;
  asio::error_code cancelled;  // the timer never expires: every wake-up is a cancellation
  try {
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  } catch (...) {  // the coroutine was cancelled before: it does not begin to wait
    --waiters_;
    throw;
  }
  --waiters_;
}

void Signal::notify() {
  if (waiters_ != 0) timer_.cancel();
}

}  // namespace hawser::net
