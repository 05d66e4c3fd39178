// Starts a coroutine that nobody waits for. As asio::co_spawn, but compiled once: that template costs the compiler half
// a second wherever it is used with new types.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/cancellation_signal.hpp>
#include <exception>
#include <functional>

#include "hawser/net/awaitable.h"

namespace hawser::net {

// What it throws is dropped.
void spawn(asio::any_io_executor executor, Awaitable<void> work);

// `ended` is called on the executor, with what it threw or null.
void spawn(asio::any_io_executor executor, Awaitable<void> work, std::function<void(std::exception_ptr)> ended);

// The same; what `stop` is told cancels the coroutine, at whatever it waits for.
void spawn(asio::any_io_executor executor, Awaitable<void> work, std::function<void(std::exception_ptr)> ended,
           asio::cancellation_slot stop);

}  // namespace hawser::net
