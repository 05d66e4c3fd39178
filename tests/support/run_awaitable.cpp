#include "support/run_awaitable.h"

#include <doctest/doctest.h>

#include <asio/steady_timer.hpp>

#include "hawser/net/spawn.h"

namespace hawser::test {

void run(asio::io_context& io, net::Awaitable<void> work, std::chrono::seconds patience) {
  struct Outcome {
    std::exception_ptr thrown;
    bool ended = false;
  };
  const auto outcome = std::make_shared<Outcome>();
  net::spawn(io.get_executor(), std::move(work), [&io, outcome](std::exception_ptr thrown) {
    *outcome = {.thrown = thrown, .ended = true};
    io.stop();
  });
  asio::steady_timer watchdog(io, patience);
  watchdog.async_wait([&io](std::error_code cancelled) {
    if (!cancelled) io.stop();
  });
  // Not run_for, nor run_one_for: each handler would start with a cold allocator cache.
  io.restart();
  io.run();
  if (outcome->thrown) std::rethrow_exception(outcome->thrown);
  REQUIRE_MESSAGE(outcome->ended, "a coroutine is stuck");
}

void settle(asio::io_context& io) {
  io.restart();
  while (io.poll() != 0) {
  }
}

}  // namespace hawser::test
