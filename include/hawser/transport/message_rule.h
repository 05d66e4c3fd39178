// Who may send which message when: the transport asks one rule about every packet it has opened, before anything looks
// inside. `session/message_table.h` holds the rule for whole sessions; `any_service` is for the transport alone.
#pragma once

#include <cstdint>

#include "hawser/transport/role.h"

namespace hawser::transport {

// Where the key exchange stands, as far as what the *peer* may send now is concerned.
enum class KexPhase : std::uint8_t {
  first_kexinit,    // its first KEXINIT is awaited
  first_exchange,   // its method messages (30..49) are awaited
  first_newkeys,    // its NEWKEYS is awaited
  established,      // keys are in use, no exchange runs
  rekey_requested,  // we sent KEXINIT, it has not yet: its other messages are still in flight
  rekey_exchange,
  rekey_newkeys,
};
inline constexpr int kex_phase_count = 7;

// What stands above the transport.
enum class ServicePhase : std::uint8_t {
  none,            // no service yet: SERVICE_REQUEST / SERVICE_ACCEPT
  authentication,  // ssh-userauth runs
  connection,      // ssh-connection runs
};
inline constexpr int service_phase_count = 3;

struct MessageContext {
  Role receiver;  // our role
  KexPhase kex;
  ServicePhase service;
  bool strict;  // strict key exchange was negotiated, or may yet be (before the peer's first KEXINIT)
};

enum class Verdict : std::uint8_t {
  transport,      // handled inside the transport
  service,        // handed up as a Packet event
  unimplemented,  // answered with SSH_MSG_UNIMPLEMENTED (RFC 4253 §11.4)
  unexpected,     // ends the session
};

using MessageRule = Verdict (*)(std::uint8_t message_number, MessageContext context);

// Transport messages at their times; everything from 50 up, and SERVICE_REQUEST and SERVICE_ACCEPT, goes to the caller
// once the first key exchange is over.
Verdict any_service(std::uint8_t message_number, MessageContext context);

}  // namespace hawser::transport
