// How often to try to connect, and how long to wait in between. Only for connecting, and only where another attempt may
// do better: repeating a refused login locks accounts.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

namespace hawser::client {

struct RetryPolicy {
  using Duration = std::chrono::milliseconds;

  unsigned max_attempts = 3;
  Duration backoff_base = std::chrono::seconds(1);  // the shortest wait
  Duration backoff_max = std::chrono::seconds(60);  // the longest
  Duration jitter = std::chrono::seconds(1);        // added at random, from nothing to this
  std::optional<Duration> timeout;                  // no further attempt once this has passed

  static RetryPolicy disabled();  // one attempt
  // What a backend does that was given no policy: three attempts, 2 to 10 seconds apart.
  static RetryPolicy usual();

  // Throws std::invalid_argument: no attempt, a negative time, a timeout that is not positive.
  void check() const;
  // The wait after `failed` attempts, 1 or more: 1 s, 2 s, 4 s, ..., kept between backoff_base and backoff_max, then
  // `random` (0 to 1) of the jitter. None where no attempt is left, or the next would begin after the timeout.
  std::optional<Duration> wait_after(unsigned failed, Duration elapsed, double random) const;

  friend bool operator==(const RetryPolicy&, const RetryPolicy&) = default;
};

}  // namespace hawser::client

template <>
struct std::hash<hawser::client::RetryPolicy> {
  std::size_t operator()(const hawser::client::RetryPolicy& policy) const;
};
