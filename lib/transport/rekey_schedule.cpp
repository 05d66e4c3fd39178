#include "transport/rekey_schedule.h"

#include <algorithm>

namespace hawser::transport {

std::uint64_t cipher_byte_limit(const crypto::CipherRow& cipher) {
  constexpr std::size_t long_block = 16;
  if (cipher.block_size < long_block) return std::uint64_t{1} << 30;
  return (std::uint64_t{1} << (cipher.block_size * 8 / 4)) * cipher.block_size;
}

// RFC 4344 §3.1: never past 2^32 packets under one key, which is where sequence numbers repeat. Half of that leaves the
// peer time.
RekeySchedule::RekeySchedule(const RekeyLimits& limits) : limits_(limits) {
  limits_.packets = std::min(limits_.packets, std::uint64_t{1} << 31);
}

void RekeySchedule::only_where_it_must() {
  limits_.bytes = UINT64_MAX;
  limits_.packets = std::uint64_t{1} << 31;
  timed_ = false;
  timer_.stop();
}

void RekeySchedule::keys_in_use(const crypto::CipherRow& out, const crypto::CipherRow& in) {
  out_bytes_ = std::min(limits_.bytes, cipher_byte_limit(out));
  in_bytes_ = std::min(limits_.bytes, cipher_byte_limit(in));
  if (timed_) timer_.start(limits_.time);
}

Result<void> RekeyStormGuard::peer_started(std::uint64_t bytes) {
  if (bytes >= little_traffic) return {};
  if (!timer_.running()) timer_.start(window);
  if (++count_ > limit) return Error(Errc::rekey_storm, "KEXINIT");
  return {};
}

}  // namespace hawser::transport
