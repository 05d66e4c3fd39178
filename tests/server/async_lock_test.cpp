#include "server/async_lock.h"

#include <doctest/doctest.h>

#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>

#include "hawser/net/spawn.h"

using namespace hawser::server;

namespace {

Awaitable<void> note(AsyncLock& lock, int number, std::vector<int>& order) {
  const AsyncLock::Guard guard = co_await lock.enter();
  order.push_back(number);
}

Awaitable<void> count_up(AsyncLock& lock, int rounds, int& counter) {
  for (int i = 0; i < rounds; ++i) {
    const AsyncLock::Guard guard = co_await lock.enter();
    ++counter;
  }
}

}  // namespace

TEST_CASE("async lock: whoever waits gets it in the order they came") {
  asio::io_context io;
  AsyncLock lock;
  std::vector<int> order;
  std::optional<AsyncLock::Guard> held = lock.try_enter();
  REQUIRE(held);
  CHECK_FALSE(lock.try_enter());
  for (int i = 0; i < 3; ++i) hawser::net::spawn(io.get_executor(), note(lock, i, order));
  io.poll();
  CHECK(order.empty());
  held.reset();
  io.run();
  CHECK(order == std::vector<int>{0, 1, 2});
  CHECK(lock.try_enter());
}

TEST_CASE("async lock: one at a time, over many threads") {
  asio::thread_pool threads(4);
  AsyncLock lock;
  int counter = 0;
  for (int i = 0; i < 8; ++i) hawser::net::spawn(threads.get_executor(), count_up(lock, 500, counter));
  threads.join();
  CHECK(counter == 8 * 500);
}

TEST_CASE("async lock: a waiter that goes away with its io_context leaves the lock free") {
  AsyncLock lock;
  std::vector<int> order;
  {
    asio::io_context io;
    std::optional<AsyncLock::Guard> held = lock.try_enter();
    hawser::net::spawn(io.get_executor(), note(lock, 1, order));
    io.poll();
    held.reset();  // its turn is on the way to it, and never arrives
  }
  CHECK(order.empty());
  CHECK(lock.try_enter());
}
