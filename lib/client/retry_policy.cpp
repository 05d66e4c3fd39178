#include "hawser/client/retry_policy.h"

#include <algorithm>
#include <stdexcept>

namespace hawser::client {

RetryPolicy RetryPolicy::disabled() {
  RetryPolicy policy;
  policy.max_attempts = 1;
  return policy;
}

RetryPolicy RetryPolicy::usual() {
  RetryPolicy policy;
  policy.backoff_base = std::chrono::seconds(2);
  policy.backoff_max = std::chrono::seconds(10);
  policy.jitter = Duration(0);
  return policy;
}

void RetryPolicy::check() const {
  if (max_attempts < 1) throw std::invalid_argument("RetryPolicy: max_attempts must be at least 1");
  if (backoff_base < Duration(0) || backoff_max < Duration(0) || jitter < Duration(0)) {
    throw std::invalid_argument("RetryPolicy: times must not be negative");
  }
  if (timeout && *timeout <= Duration(0)) throw std::invalid_argument("RetryPolicy: timeout must be positive");
}

std::optional<RetryPolicy::Duration> RetryPolicy::wait_after(unsigned failed, Duration elapsed, double random) const {
  if (failed >= max_attempts) return std::nullopt;
  // Beyond 2^20 s every backoff_max that makes sense has been passed.
  const Duration doubled = std::chrono::seconds(std::int64_t{1} << std::min(failed - 1, 20U));
  Duration wait = std::min(std::max(doubled, backoff_base), backoff_max);
  wait += Duration(static_cast<Duration::rep>(random * static_cast<double>(jitter.count())));
  if (timeout && elapsed + wait >= *timeout) return std::nullopt;
  return wait;
}

}  // namespace hawser::client

std::size_t std::hash<hawser::client::RetryPolicy>::operator()(const hawser::client::RetryPolicy& policy) const {
  std::size_t seed = policy.max_attempts;
  const auto mix = [&seed](long long value) { seed = seed * 1000003U ^ std::hash<long long>()(value); };
  mix(policy.backoff_base.count());
  mix(policy.backoff_max.count());
  mix(policy.jitter.count());
  mix(policy.timeout ? policy.timeout->count() : -1);
  return seed;
}
