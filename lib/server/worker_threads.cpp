#include "worker_threads.h"

#include <asio/executor_work_guard.hpp>
#include <condition_variable>
#include <mutex>
#include <system_error>

namespace hawser::server {

struct WorkerThreads::Shared {
  explicit Shared(unsigned count)
      : context(static_cast<int>(count)), work(asio::make_work_guard(context)), running(count) {}

  static void run(std::shared_ptr<Shared> self) {
    self->context.run();
    const std::lock_guard lock(self->mutex);
    if (--self->running == 0) self->all_ended.notify_all();
  }

  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  std::mutex mutex;
  std::condition_variable all_ended;
  unsigned running;
};

WorkerThreads::WorkerThreads(unsigned count) : shared_(std::make_shared<Shared>(count)) {
  try {
    for (unsigned i = 0; i != count; ++i) threads_.emplace_back(&Shared::run, shared_);
  } catch (const std::system_error&) {
    shared_->work.reset();
    for (std::thread& thread : threads_) thread.join();
    throw;
  }
}

asio::io_context& WorkerThreads::context() { return shared_->context; }

std::shared_ptr<void> WorkerThreads::keep() const { return shared_; }

bool WorkerThreads::end(std::chrono::steady_clock::time_point until) {
  shared_->work.reset();
  std::unique_lock lock(shared_->mutex);
  const bool ended = shared_->all_ended.wait_until(lock, until, [&] { return shared_->running == 0; });
  lock.unlock();
  for (std::thread& thread : threads_) {
    if (ended) {
      thread.join();
    } else {
      thread.detach();
    }
  }
  threads_.clear();
  return ended;
}

}  // namespace hawser::server
