// When new keys are due, and when a peer asks for them too often.
#pragma once

#include "hawser/transport/transport.h"
#include "transport/key_usage.h"
#include "transport/timer.h"

namespace hawser::transport {

// RFC 4344 §3.2: with blocks of L bits, at most 2^(L/4) blocks under one key; 1 GiB where blocks are short.
std::uint64_t cipher_byte_limit(const crypto::CipherRow& cipher);

// Our own reasons for new keys: bytes and packets of either direction, and time.
class RekeySchedule {
 public:
  explicit RekeySchedule(const RekeyLimits& limits);

  // From now on for no other reason than that a cipher, or the sequence number, would be used up.
  void only_where_it_must();
  void keys_in_use(const crypto::CipherRow& out, const crypto::CipherRow& in);
  bool used_up(const KeyUsage& out, const KeyUsage& in) const {
    return out.bytes >= out_bytes_ || in.bytes >= in_bytes_ || out.packets >= limits_.packets ||
           in.packets >= limits_.packets;
  }
  Timer& timer() { return timer_; }
  const Timer& timer() const { return timer_; }

 private:
  RekeyLimits limits_;
  bool timed_ = true;
  std::uint64_t out_bytes_ = 0;
  std::uint64_t in_bytes_ = 0;
  Timer timer_;
};

// A key exchange costs far more than the few bytes that ask for one. A peer may start `limit` of them within `window`
// with next to nothing transferred in between; one more ends the session. What counts as transferred are messages of
// the services above: those of the transport, KEXINIT among them, may be as long as a peer likes and mean nothing.
class RekeyStormGuard {
 public:
  static constexpr int limit = 8;
  static constexpr std::uint64_t little_traffic = 64 * 1024;
  static constexpr Duration window = std::chrono::seconds(10);

  // A message has passed, in either direction.
  void passed(Bytes payload);
  void new_keys() { traffic_ = 0; }
  // The peer started an exchange. Errors: rekey_storm.
  Result<void> peer_started();
  Timer& timer() { return timer_; }
  const Timer& timer() const { return timer_; }
  void window_over() { count_ = 0; }

 private:
  std::uint64_t traffic_ = 0;  // bytes, under the present keys
  int count_ = 0;
  Timer timer_;
};

}  // namespace hawser::transport
