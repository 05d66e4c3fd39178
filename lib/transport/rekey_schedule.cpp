#include "transport/rekey_schedule.h"

#include <algorithm>

#include "hawser/transport/messages.h"

namespace hawser::transport {
namespace {

constexpr std::uint8_t first_service_message = 50;  // RFC 4250 §4.1.2

}  // namespace

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
  // A sixteenth before the cipher's own limit: what is under way, and the exchange itself, still pass under these keys.
  const auto due_after = [&](const crypto::CipherRow& cipher) {
    const std::uint64_t most = cipher_byte_limit(cipher);
    return std::min(limits_.bytes, most - most / 16);
  };
  out_bytes_ = due_after(out);
  in_bytes_ = due_after(in);
  if (timed_) timer_.start(limits_.time);
}

void RekeyStormGuard::passed(Bytes payload) {
  const std::uint8_t number = payload.front();
  if (number >= first_service_message && number != Ping::number && number != Pong::number) traffic_ += payload.size();
}

Result<void> RekeyStormGuard::peer_started() {
  if (traffic_ >= little_traffic) return {};
  if (!timer_.running()) timer_.start(window);
  if (++count_ > limit) return Error(Errc::rekey_storm, "KEXINIT");
  return {};
}

}  // namespace hawser::transport
