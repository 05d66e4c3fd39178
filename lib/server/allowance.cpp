#include "server/allowance.h"

#include <algorithm>
#include <limits>

namespace hawser::server {

bool Allowance::take(std::uint64_t amount) {
  std::uint64_t used = used_;
  do {
    if (limit_ != 0 && (used > limit_ || amount > limit_ - used)) return false;
  } while (!used_.compare_exchange_weak(used, used + amount));
  return true;
}

void Allowance::give_back(std::uint64_t amount) {
  std::uint64_t used = used_;
  while (!used_.compare_exchange_weak(used, used - std::min(used, amount))) {
  }
}

std::uint64_t Allowance::left() const {
  if (limit_ == 0) return std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t used = used_;
  return used >= limit_ ? 0 : limit_ - used;
}

}  // namespace hawser::server
