#include "hawser/net/spawn.h"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

namespace hawser::net {

void spawn(asio::any_io_executor executor, Awaitable<void> work) {
  asio::co_spawn(std::move(executor), std::move(work), asio::detached);
}

void spawn(asio::any_io_executor executor, Awaitable<void> work, std::function<void(std::exception_ptr)> ended) {
  asio::co_spawn(std::move(executor), std::move(work), std::move(ended));
}

void spawn(asio::any_io_executor executor, Awaitable<void> work, std::function<void(std::exception_ptr)> ended,
           asio::cancellation_slot stop) {
  asio::co_spawn(std::move(executor), std::move(work), asio::bind_cancellation_slot(stop, std::move(ended)));
}

}  // namespace hawser::net
