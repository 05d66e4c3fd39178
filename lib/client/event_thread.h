// An io_context with a thread of its own, and a way to wait for its coroutines from other threads.
#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <future>
#include <memory>
#include <thread>

#include "hawser/net/byte_channel.h"
#include "hawser/net/spawn.h"

namespace hawser::client {

class EventThread {
 public:
  EventThread();
  // What was posted before is still done; what waits for a peer gets a moment to end, and is then abandoned. Not to be
  // destroyed on the thread itself.
  ~EventThread();
  EventThread(const EventThread&) = delete;
  EventThread& operator=(const EventThread&) = delete;

  // Calls `make` on the thread and runs the coroutine that it gives. What `make` holds lives until that has ended.
  template <class Make>
  auto start(Make make) {
    using Outcome = typename std::invoke_result_t<Make&>::value_type;
    auto promise = std::make_shared<std::promise<Outcome>>();
    std::future<Outcome> future = promise->get_future();
    post(Task([this, make = std::move(make), promise = std::move(promise)]() mutable {
      net::spawn(context_.get_executor(), deliver<Outcome>(std::move(make), std::move(promise)));
    }));
    return future;
  }
  template <class Make>
  auto run(Make make) {
    return start(std::move(make)).get();
  }
  // Calls a plain function on the thread.
  template <class Call>
  auto ask(Call call) {
    std::packaged_task<std::invoke_result_t<Call&>()> task(std::move(call));
    auto future = task.get_future();
    post(Task([task = std::move(task)]() mutable { task(); }));
    return future.get();
  }
  // Destroys the object on the thread, for what may not be touched elsewhere.
  template <class T>
  void release(T object) {
    post(Task([object = std::move(object)] {}));
  }

 private:
  using Task = std::packaged_task<void()>;  // for it moves, and what it does need not be copied
  void post(Task task);

  template <class Outcome, class Make>
  static net::Awaitable<void> deliver(Make make, std::shared_ptr<std::promise<Outcome>> promise) {
    try {
      net::Awaitable<Outcome> work = make();
      Outcome outcome = co_await std::move(work);
      promise->set_value(std::move(outcome));
    } catch (...) {
      promise->set_exception(std::current_exception());
    }
  }

  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::promise<void> ended_;
  std::thread thread_;
};

}  // namespace hawser::client
