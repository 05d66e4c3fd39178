#include "hawser/transport/message_rule.h"

#include "hawser/transport/messages.h"

namespace hawser::transport {
namespace {

bool is_first_exchange(KexPhase kex) { return kex <= KexPhase::first_newkeys; }

// The peer has not yet sent the KEXINIT of a running exchange: whatever it sent before may still be in flight.
bool services_flow(KexPhase kex) { return kex == KexPhase::established || kex == KexPhase::rekey_requested; }

// RFC 4253 §8, RFC 4419 §5, RFC 5656 §4: clients send even numbers up to 34, servers 31 and 33.
bool is_method_message_from_peer(std::uint8_t number, Role receiver) {
  if (receiver == Role::server) return number == 30 || number == 32 || number == 34;
  return number == 31 || number == 33;
}

// Numbers of the transport (1..19) and of negotiation (20..29) that nobody uses, RFC 4250 §4.1.
bool is_unused(std::uint8_t number) {
  return (number > ExtInfo::number && number < 20) || (number > 21 && number < 30);
}

Verdict key_exchange_message(std::uint8_t number, MessageContext context) {
  const KexPhase kex = context.kex;
  bool due = false;
  if (number == KexInit::number) {
    due = kex == KexPhase::first_kexinit || services_flow(kex);
  } else if (number == NewKeys::number) {
    due = kex == KexPhase::first_newkeys || kex == KexPhase::rekey_newkeys;
  } else {
    const bool exchanging = kex == KexPhase::first_exchange || kex == KexPhase::rekey_exchange;
    due = exchanging && is_method_message_from_peer(number, context.receiver);
  }
  return due ? Verdict::transport : Verdict::unexpected;
}

}  // namespace

Verdict any_service(std::uint8_t number, MessageContext context) {
  if (number == 0) return Verdict::unexpected;
  if (number == Disconnect::number) return Verdict::transport;
  // OpenSSH PROTOCOL §1.10: in a strict first exchange nothing but key exchange messages may come. In others what means
  // nothing may, unknown messages included (RFC 4253 §7.1, §11.4).
  const bool strict_exchange = context.strict && is_first_exchange(context.kex);
  if (number <= Debug::number) return strict_exchange ? Verdict::unexpected : Verdict::transport;
  if (is_unused(number)) return strict_exchange ? Verdict::unexpected : Verdict::unimplemented;
  if (number == KexInit::number || number == NewKeys::number || (number >= 30 && number <= 49)) {
    return key_exchange_message(number, context);
  }
  if (!services_flow(context.kex)) return Verdict::unexpected;
  switch (number) {
    case ServiceRequest::number: return context.receiver == Role::server ? Verdict::service : Verdict::unexpected;
    case ServiceAccept::number: return context.receiver == Role::client ? Verdict::service : Verdict::unexpected;
    case ExtInfo::number:
    case Ping::number:
    case Pong::number: return Verdict::transport;
    default: return Verdict::service;
  }
}

}  // namespace hawser::transport
