// Runs a coroutine to its end on an io_context whose other coroutines (readers that wait for ever) never end.
#pragma once

#include <doctest/doctest.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <chrono>
#include <optional>

#include "hawser/net/byte_channel.h"

namespace hawser::test {

namespace detail {

template <class T>
net::Awaitable<void> keep_result(net::Awaitable<T> work, std::optional<T>& out) {
  out.emplace(co_await std::move(work));
}

inline net::Awaitable<int> then_zero(net::Awaitable<void> work) {
  co_await std::move(work);
  co_return 0;
}

}  // namespace detail

// A coroutine that is stuck fails the test rather than hanging it.
template <class T>
T run(asio::io_context& io, net::Awaitable<T> work, std::chrono::seconds patience = std::chrono::seconds(30)) {
  std::optional<T> result;
  std::exception_ptr thrown;
  asio::co_spawn(io, detail::keep_result(std::move(work), result), [&](std::exception_ptr error) { thrown = error; });
  io.restart();
  while (!result && !thrown) {
    if (io.run_one_for(patience) == 0) break;
  }
  if (thrown) std::rethrow_exception(thrown);
  REQUIRE_MESSAGE(result.has_value(), "a coroutine is stuck");
  return std::move(*result);
}

inline void run(asio::io_context& io, net::Awaitable<void> work, std::chrono::seconds patience = std::chrono::seconds(30)) {
  run(io, detail::then_zero(std::move(work)), patience);
}

// Lets everything that can go on go on.
inline void settle(asio::io_context& io) {
  io.restart();
  while (io.poll() != 0) {
  }
}

}  // namespace hawser::test
