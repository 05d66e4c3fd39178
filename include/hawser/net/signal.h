// A wake-up for coroutines on one strand: `wait()` returns after the next `notify()`. No lock, no allocation in steady
// use.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>

namespace hawser::net {

class Signal {
 public:
  explicit Signal(const asio::any_io_executor& executor) : timer_(executor, asio::steady_timer::time_point::max()) {}
  // Waiters must look at their condition again: a wake-up says only that something may have changed.
  asio::awaitable<void> wait();
  void notify();
  bool has_waiter() const { return waiters_ != 0; }

 private:
  asio::steady_timer timer_;
  std::size_t waiters_ = 0;
};

}  // namespace hawser::net
