// The one table of what a peer may send when: message number × our role × phase of the key exchange × service × strict
// → who handles it. Everything that is not allowed here ends the session before any layer has looked inside the
// message.
//
// Sources: number ranges RFC 4251 §7 and RFC 4250 §4.1; key exchange RFC 4253 §7.1; strict key exchange OpenSSH
// PROTOCOL §1.10; EXT_INFO RFC 8308 §2.4; authentication RFC 4252 §6; PING OpenSSH PROTOCOL §1.11.
#pragma once

#include "hawser/auth/method_messages.h"
#include "hawser/transport/message_rule.h"

namespace hawser::session {

using transport::KexPhase;
using transport::MessageContext;
using transport::ServicePhase;
using transport::Verdict;

namespace table {

constexpr bool in(std::uint8_t number, int first, int last) { return number >= first && number <= last; }
constexpr bool first_key_exchange(KexPhase kex) { return kex <= KexPhase::first_newkeys; }
// The peer has not sent its KEXINIT of a running exchange: anything but key exchange messages may be in flight.
constexpr bool services_flow(KexPhase kex) { return kex == KexPhase::established || kex == KexPhase::rekey_requested; }

// A number that nobody uses may come at any time (RFC 4253 §7.1, §11.4), but for a strict first exchange.
constexpr Verdict unused(MessageContext c) {
  return c.strict && first_key_exchange(c.kex) ? Verdict::unexpected : Verdict::unimplemented;
}

// 1..4: DISCONNECT, IGNORE, UNIMPLEMENTED, DEBUG.
constexpr Verdict generic(std::uint8_t number, MessageContext c) {
  if (number == 1) return Verdict::transport;
  return c.strict && first_key_exchange(c.kex) ? Verdict::unexpected : Verdict::transport;
}

// 5..19: SERVICE_REQUEST, SERVICE_ACCEPT, EXT_INFO, and numbers that nobody uses.
constexpr Verdict service_and_extension(std::uint8_t number, MessageContext c) {
  if (number > 7) return unused(c);
  if (!services_flow(c.kex)) return Verdict::unexpected;
  const bool before_service = c.service == ServicePhase::none;
  // Clients may ask for ssh-userauth again before each attempt; paramiko does.
  if (number == 5) {
    return c.receiver == Role::server && c.service != ServicePhase::connection ? Verdict::service : Verdict::unexpected;
  }
  if (number == 6) return c.receiver == Role::client && before_service ? Verdict::service : Verdict::unexpected;
  return c.service == ServicePhase::connection ? Verdict::unexpected : Verdict::transport;
}

// 20..29: KEXINIT, NEWKEYS.
constexpr Verdict negotiation(std::uint8_t number, MessageContext c) {
  if (number == 20) {
    return c.kex == KexPhase::first_kexinit || services_flow(c.kex) ? Verdict::transport : Verdict::unexpected;
  }
  if (number == 21) {
    return c.kex == KexPhase::first_newkeys || c.kex == KexPhase::rekey_newkeys ? Verdict::transport
                                                                                : Verdict::unexpected;
  }
  return unused(c);
}

// 30..49: clients send even numbers up to 34, servers 31 and 33 (RFC 4253 §8, RFC 4419 §5, RFC 5656 §4). Which of them
// the negotiated method knows is the method's business.
constexpr Verdict key_exchange(std::uint8_t number, MessageContext c) {
  if (c.kex != KexPhase::first_exchange && c.kex != KexPhase::rekey_exchange) return Verdict::unexpected;
  const bool from_client = number == 30 || number == 32 || number == 34;
  const bool from_server = number == 31 || number == 33;
  return (c.receiver == Role::server ? from_client : from_server) ? Verdict::transport : Verdict::unexpected;
}

// 50..79. A server ignores requests after success (RFC 4252 §5.1): they go to the service, which drops them. From 60 on
// here is what any method knows; the service holds the peer to the method in progress (auth/method_messages.h).
constexpr Verdict authentication(std::uint8_t number, MessageContext c) {
  if (!services_flow(c.kex)) return Verdict::unexpected;
  if (c.receiver == Role::server) {
    const bool from_client = number == 50 || auth::belongs_to_any_method(number, c.receiver);
    if (c.service == ServicePhase::authentication && from_client) return Verdict::service;
    if (c.service == ServicePhase::connection && number == 50) return Verdict::service;
    return Verdict::unexpected;
  }
  const bool from_server = in(number, 51, 53) || auth::belongs_to_any_method(number, c.receiver);
  return c.service == ServicePhase::authentication && from_server ? Verdict::service : Verdict::unexpected;
}

// 80..127, only after authentication.
constexpr Verdict connection(std::uint8_t number, MessageContext c) {
  if (!services_flow(c.kex) || c.service != ServicePhase::connection) return Verdict::unexpected;
  return in(number, 80, 82) || in(number, 90, 100) ? Verdict::service : Verdict::unimplemented;
}

// 128..255: reserved and local extensions.
constexpr Verdict extension(std::uint8_t number, MessageContext c) {
  if (!services_flow(c.kex)) return Verdict::unexpected;
  return number == 192 || number == 193 ? Verdict::transport : Verdict::unimplemented;
}

}  // namespace table

constexpr Verdict message_verdict(std::uint8_t number, MessageContext context) {
  using namespace table;
  if (number == 0) return Verdict::unexpected;
  if (number <= 4) return generic(number, context);
  if (number <= 19) return service_and_extension(number, context);
  if (number <= 29) return negotiation(number, context);
  if (number <= 49) return key_exchange(number, context);
  if (number <= 79) return authentication(number, context);
  if (number <= 127) return connection(number, context);
  return extension(number, context);
}

}  // namespace hawser::session
