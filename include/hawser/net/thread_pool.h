// Threads for what would keep a connection's own thread too long: calls that wait for a device, arithmetic that takes
// its time. They are started by the first call.
//
// An io_context whose coroutines use the threads must outlive the calls under way: run it to its end (it counts them as
// work), or destroy the ThreadPool, which waits for them, first.
#pragma once

#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/execution/outstanding_work.hpp>
#include <asio/post.hpp>
#include <asio/prefer.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "hawser/net/awaitable.h"

namespace hawser::net {

class ThreadPool {
 public:
  // 0 counts as 1.
  explicit ThreadPool(std::size_t threads) : threads_(threads == 0 ? 1 : threads) {}
  // Waits for the calls under way.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Runs `call`, which gives a value and throws nothing, on one of the threads, and resumes the caller on its own
  // executor.
  template <class Call>
  Awaitable<std::invoke_result_t<Call&>> run(Call call) {
    using Outcome = std::invoke_result_t<Call&>;
    auto start = [](auto handler, asio::thread_pool* pool, Call work) {
      auto executor = asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
      asio::post(*pool,
                 [executor = std::move(executor), handler = std::move(handler), work = std::move(work)]() mutable {
                   Outcome outcome = work();
                   asio::post(executor, [handler = std::move(handler), outcome = std::move(outcome)]() mutable {
                     handler(std::move(outcome));
                   });
                 });
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(Outcome)>(start, asio::use_awaitable, &pool(),
                                                                              std::move(call));
  }

 private:
  asio::thread_pool& pool();

  const std::size_t threads_;
  std::once_flag started_;
  std::optional<asio::thread_pool> pool_;
};

}  // namespace hawser::net
