// Told of what one transport does: every packet, every change of state, the bytes on the wire. For logs, debugging and
// tests; null by default, and then it costs one comparison per packet.
//
//   class Counter : public transport::Observer {
//     void on_packet(const transport::ObservedPacket& packet) override { ++count[packet.number()]; }
//   };
//   config.make_observer = [counter](Role) { return counter; };
//
// Each transport asks `TransportConfig::make_observer` once, when it is made, and holds the result for its life: return
// a new one for each connection, or the same where its owner knows what it does. The methods are called on the strand
// that drives the transport, in the order in which things happen. They must not throw, and must not call the transport.
// What they are given is valid during the call.
//
// An observer sees secrets. The payloads are plaintext: passwords (RFC 4252 §8) and answers to keyboard-interactive
// prompts (RFC 4256 §3.4) are among them, and so is whatever the channels carry. `session/packet_log.h` is one that
// hides them. The keys of the session are not told here; see `TransportConfig::disclose_session_secrets`.
#pragma once

#include <cstdint>
#include <string_view>

#include "hawser/transport/role.h"
#include "hawser/wire/bytes.h"
#include "hawser/wire/result.h"

namespace hawser::transport {

struct Negotiated;
struct HostKeyOffered;

enum class Direction : std::uint8_t { sent, received };

struct ObservedPacket {
  Direction direction = Direction::sent;
  std::uint32_t sequence_number = 0;  // RFC 4253 §6.4
  Bytes payload;                      // decrypted, decompressed; its first byte is the message number
  std::uint8_t number() const { return payload.front(); }
};

class Observer {
 public:
  virtual ~Observer() = default;

  // Each packet: right before it is sealed, or once it is opened and before anybody has judged it.
  virtual void on_packet(const ObservedPacket&) {}

  // The identification string without its line end (RFC 4253 §4.2). The peer's is not escaped.
  virtual void on_identification(Direction, std::string_view) {}
  virtual void on_kexinit(Direction, bool /*rekey*/) {}
  virtual void on_negotiated(const Negotiated&) {}
  // Client: the first key exchange asks whether this key is trusted.
  virtual void on_host_key_offered(const HostKeyOffered&) {}
  // NEWKEYS has passed: whatever follows in this direction is under the new keys.
  virtual void on_keys_in_use(Direction, bool /*rekey*/) {}
  // The session is over, told once; a DISCONNECT that we sent came before. The detail may be empty.
  virtual void on_closed(const Error&, std::string_view /*detail*/) {}

  // The bytes themselves, before opening and after sealing: those received by `received`, those sent once the driver
  // has said `transmitted`.
  virtual void on_bytes(Direction, Bytes) {}
  virtual void on_tick(TimePoint) {}
};

}  // namespace hawser::transport
