// A mutex that coroutines wait for without holding up their thread; they get it in the order they came, each resumes on
// its own executor. Thread-safe.
//
//   const AsyncLock::Guard guard = co_await lock.enter();
//
// The lock must outlive all its guards and all who wait.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "hawser/server/file_system.h"

namespace hawser::server {

class AsyncLock {
 public:
  class Guard {
   public:
    Guard(Guard&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)) {}
    Guard& operator=(Guard&&) = delete;
    ~Guard() {
      if (lock_ != nullptr) lock_->leave();
    }

   private:
    friend class AsyncLock;
    explicit Guard(AsyncLock& lock) : lock_(&lock) {}
    AsyncLock* lock_;
  };

  AsyncLock() = default;
  AsyncLock(const AsyncLock&) = delete;
  AsyncLock& operator=(const AsyncLock&) = delete;

  std::optional<Guard> try_enter();
  Awaitable<Guard> enter();

 private:
  class Waiter {
   public:
    virtual ~Waiter() = default;
    // The guard goes along with the wake-up: if that is never delivered, the lock is free again.
    virtual void wake(Guard guard) = 0;
  };
  template <class Handler>
  class HandlerWaiter;

  void wait(std::unique_ptr<Waiter> waiter);
  void leave();

  std::mutex mutex_;
  bool held_ = false;
  std::deque<std::unique_ptr<Waiter>> waiting_;
};

}  // namespace hawser::server
