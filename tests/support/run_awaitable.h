// Runs a coroutine to its end on an io_context whose other coroutines (readers that wait for ever) never end.
#pragma once

#include <asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "hawser/net/awaitable.h"

namespace hawser::test {

// A coroutine that is stuck fails the test rather than hanging it.
void run(asio::io_context& io, net::Awaitable<void> work, std::chrono::seconds patience = std::chrono::seconds(60));

namespace detail {

template <class T>
net::Awaitable<void> keep_result(net::Awaitable<T> work, std::optional<T>& out) {
  out.emplace(co_await std::move(work));
}

// `out` outlives the call of `run` where the test fails and the coroutine goes on.
template <class T>
net::Awaitable<void> keep_shared_result(net::Awaitable<T> work, std::shared_ptr<std::optional<T>> out) {
  out->emplace(co_await std::move(work));
}

}  // namespace detail

template <class T>
T run(asio::io_context& io, net::Awaitable<T> work, std::chrono::seconds patience = std::chrono::seconds(60)) {
  const auto result = std::make_shared<std::optional<T>>();
  run(io, detail::keep_shared_result(std::move(work), result), patience);
  return std::move(**result);
}

// Lets everything that can go on go on.
void settle(asio::io_context& io);

}  // namespace hawser::test
