// Decides whether a system call that might wait for a device is made at once or handed to a thread (file_threads.h).
//
// Most calls on a local file system are answered from memory in microseconds, and a thread switch would cost more than
// the call; but a slow disk or a network must not hold up the other connections of the thread. What will happen cannot
// be known, so it is measured: calls are made at once until one has waited for longer than `slow_call`; from then on
// they go to a thread, until none has been slow for `rest`. A call that was long because its thread had to give the
// processor to another has not waited, and does not count.
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

// How often the calling thread has waited for something: its voluntary context switches (getrusage(2)).
long waits_of_this_thread();

// What a policy measures with; a test has its own.
struct BlockingGauges {
  std::chrono::steady_clock::time_point (*now)() = &std::chrono::steady_clock::now;
  long (*waits)() = &waits_of_this_thread;
};

class BlockingPolicy {
 public:
  using Clock = std::chrono::steady_clock;

  explicit BlockingPolicy(BlockingOptions options = {}, BlockingGauges gauges = {})
      : options_(options), gauges_(gauges) {}

  // Makes the call, and remembers it if it was slow.
  template <class Call>
  auto measured(Call&& call) {
    const Measurement measurement(*this);
    return call();
  }

  bool inline_now() const {
    if (options_.slow_call <= Clock::duration::zero()) return false;
    const Clock::rep until = threads_until_.load(std::memory_order_relaxed);
    return until == 0 || gauges_.now().time_since_epoch().count() >= until;
  }

 private:
  class Measurement {
   public:
    explicit Measurement(BlockingPolicy& policy)
        : policy_(policy), waits_(policy.gauges_.waits()), start_(policy.gauges_.now()) {}
    Measurement(const Measurement&) = delete;
    Measurement& operator=(const Measurement&) = delete;
    ~Measurement() {
      const Clock::time_point end = policy_.gauges_.now();
      if (end - start_ > policy_.options_.slow_call && policy_.gauges_.waits() != waits_) policy_.was_slow(end);
    }

   private:
    BlockingPolicy& policy_;
    long waits_;
    Clock::time_point start_;
  };

  void was_slow(Clock::time_point end) { threads_until_ = (end + options_.rest).time_since_epoch().count(); }

  BlockingOptions options_;
  BlockingGauges gauges_;
  std::atomic<Clock::rep> threads_until_{0};
};

}  // namespace hawser::server
