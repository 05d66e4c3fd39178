// A coroutine that is given so much time.
#pragma once

#include <chrono>

#include "hawser/net/awaitable.h"

namespace hawser::net {

// Runs `work` on the caller's executor, and cancels it (asio::cancellation_type::terminal) when the time has come, or
// when the caller itself is cancelled. Returns when it has ended: whether it did so by itself. What it throws is thrown
// on, but for the operation_aborted of a cancellation.
Awaitable<bool> run_with_deadline(std::chrono::milliseconds time, Awaitable<void> work);

}  // namespace hawser::net
