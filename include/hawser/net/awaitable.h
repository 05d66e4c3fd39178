// What an asynchronous call of ours gives: a coroutine that starts when it is awaited.
#pragma once

#include <asio/awaitable.hpp>

namespace hawser::net {

template <class T>
using Awaitable = asio::awaitable<T>;

}  // namespace hawser::net
