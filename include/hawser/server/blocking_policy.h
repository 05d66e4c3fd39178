// Decides whether a system call that might wait for a device is made at once or handed to a thread (file_threads.h).
//
// Most calls on a local file system are answered from memory in microseconds, and a thread switch would cost more than
// the call; but a slow disk or a network must not hold up the other connections of the thread. What will happen cannot
// be known, so it is measured: calls are made at once until one has taken longer than `slow_call`; from then on they go
// to a thread, until none has been slow for `rest`.
//
//   if (policy.inline_now()) return policy.measured(call);
//   co_return co_await threads.run([&] { return policy.measured(call); });
//
// Thread-safe.
#pragma once

#include <atomic>
#include <chrono>

namespace hawser::server {

struct BlockingOptions {
  std::chrono::steady_clock::duration slow_call = std::chrono::milliseconds(2);  // 0: never inline
  std::chrono::steady_clock::duration rest = std::chrono::seconds(1);
};

class BlockingPolicy {
 public:
  using Clock = std::chrono::steady_clock;
  using Now = Clock::time_point (*)();

  explicit BlockingPolicy(BlockingOptions options = {}, Now now = &Clock::now) : options_(options), now_(now) {}

  // Makes the call, and remembers it if it was slow.
  template <class Call>
  auto measured(Call&& call) {
    const Measurement measurement(*this);
    return call();
  }

  bool inline_now() const {
    if (options_.slow_call <= Clock::duration::zero()) return false;
    const Clock::rep until = threads_until_.load(std::memory_order_relaxed);
    return until == 0 || now_().time_since_epoch().count() >= until;
  }

 private:
  class Measurement {
   public:
    explicit Measurement(BlockingPolicy& policy) : policy_(policy), start_(policy.now_()) {}
    Measurement(const Measurement&) = delete;
    Measurement& operator=(const Measurement&) = delete;
    ~Measurement() { policy_.took(start_, policy_.now_()); }

   private:
    BlockingPolicy& policy_;
    Clock::time_point start_;
  };

  void took(Clock::time_point start, Clock::time_point end) {
    if (end - start > options_.slow_call) threads_until_ = (end + options_.rest).time_since_epoch().count();
  }

  BlockingOptions options_;
  Now now_;
  std::atomic<Clock::rep> threads_until_{0};
};

}  // namespace hawser::server
