// Runs a coroutine to its end on an io_context whose other coroutines (readers that wait for ever) never end.
#pragma once

#include <doctest/doctest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "hawser/net/byte_channel.h"

namespace hawser::test {

namespace detail {

template <class T>
net::Awaitable<void> keep_result(net::Awaitable<T> work, std::optional<T>& out) {
  out.emplace(co_await std::move(work));
}

// Until a handler stops the context. Not run_for, nor run_one_for: each handler would start with a cold allocator
// cache.
inline void run_until_stopped(asio::io_context& io, std::chrono::seconds patience) {
  asio::steady_timer watchdog(io, patience);
  watchdog.async_wait([&io](std::error_code cancelled) {
    if (!cancelled) io.stop();
  });
  io.restart();
  io.run();
}

}  // namespace detail

// A coroutine that is stuck fails the test rather than hanging it.
template <class T>
T run(asio::io_context& io, net::Awaitable<T> work, std::chrono::seconds patience = std::chrono::seconds(60)) {
  // Outlives this call where the test fails and the coroutine goes on.
  struct Outcome {
    std::optional<T> result;
    std::exception_ptr thrown;
  };
  const auto outcome = std::make_shared<Outcome>();
  asio::co_spawn(io, detail::keep_result(std::move(work), outcome->result), [&io, outcome](std::exception_ptr error) {
    outcome->thrown = error;
    io.stop();
  });
  detail::run_until_stopped(io, patience);
  if (outcome->thrown) std::rethrow_exception(outcome->thrown);
  REQUIRE_MESSAGE(outcome->result.has_value(), "a coroutine is stuck");
  return std::move(*outcome->result);
}

inline void run(asio::io_context& io, net::Awaitable<void> work,
                std::chrono::seconds patience = std::chrono::seconds(60)) {
  struct Outcome {
    std::exception_ptr thrown;
    bool ended = false;
  };
  const auto outcome = std::make_shared<Outcome>();
  asio::co_spawn(io, std::move(work), [&io, outcome](std::exception_ptr error) {
    outcome->thrown = error;
    outcome->ended = true;
    io.stop();
  });
  detail::run_until_stopped(io, patience);
  if (outcome->thrown) std::rethrow_exception(outcome->thrown);
  REQUIRE_MESSAGE(outcome->ended, "a coroutine is stuck");
}

// Lets everything that can go on go on.
inline void settle(asio::io_context& io) {
  io.restart();
  while (io.poll() != 0) {
  }
}

}  // namespace hawser::test
