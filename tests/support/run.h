// Runs one coroutine to its end on an io_context of its own and gives what it returns.
//
//   const auto attributes = run(file_system.stat("/"));
#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <exception>
#include <optional>
#include <stdexcept>

#include "hawser/net/spawn.h"

namespace hawser::test {

namespace detail {

// co_spawn itself wants results that can be default-constructed.
template <class T>
asio::awaitable<void> keep(asio::awaitable<T> work, std::optional<T>& outcome) {
  outcome.emplace(co_await std::move(work));
}

}  // namespace detail

template <class T>
T run(asio::awaitable<T> work) {
  asio::io_context io;
  std::optional<T> outcome;
  std::exception_ptr thrown;
  net::spawn(io.get_executor(), detail::keep(std::move(work), outcome),
             [&thrown](std::exception_ptr failure) { thrown = failure; });
  io.run();
  if (thrown) std::rethrow_exception(thrown);
  if (!outcome) throw std::logic_error("the coroutine did not end");
  return std::move(*outcome);
}

}  // namespace hawser::test
