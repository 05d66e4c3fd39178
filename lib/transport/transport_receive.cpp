// What arrives: the identification, then packets, each asked about in the message rule before anything looks inside.
#include "hawser/wire/dump.h"
#include "transport/transport_state.h"

namespace hawser::transport {

EventOrNothing Transport::State::next() {
  while (!closed) {
    if (peer_identification.empty()) {
      Result<bool> complete = read_identification();
      if (!complete) {
        fail(complete.error());
        break;
      }
      if (!*complete) return std::optional<TransportEvent>();
    }
    // What the server sent behind its proof stays unread until someone trusts the proof.
    if (std::holds_alternative<HostKeyUndecided>(kex)) return std::optional<TransportEvent>();
    if (std::holds_alternative<AnswerUnderWay>(kex)) return std::optional<TransportEvent>();

    Result<std::optional<OpenedPacket>> packet = reader.next();
    if (packet && !*packet) return std::optional<TransportEvent>();
    if (observer && packet) {
      observer->on_packet({Direction::received, (*packet)->sequence_number, (*packet)->payload.bytes()});
    }
    EventOrNothing event = packet ? handle(**packet) : EventOrNothing(packet.error());
    if (!event) {
      fail(event.error());
      break;
    }
    if (!closed) start_exchange_if_due();
    if (*event) return event;
  }
  if (std::exchange(told, true)) return Error(Errc::closed, "session");
  return failure;
}

Result<bool> Transport::State::read_identification() {
  Result<IdentificationParser::Progress> progress = identification_parser.parse(reader.unread());
  if (!progress) return progress.error();
  reader.consume(progress->consumed);
  if (!progress->identification) return false;
  peer_identification = std::move(*progress->identification);
  peer_identification_escaped = wire::escaped(peer_identification);
  quirks = quirks_of(peer_identification);
  if (quirks.fails_on_rekey) rekey_schedule.only_where_it_must();
  if (observer) observer->on_identification(Direction::received, peer_identification);
  return true;
}

EventOrNothing Transport::State::handle(const OpenedPacket& packet) {
  const std::uint8_t number = packet.payload.bytes()[0];
  if (drop_wrong_guess(number)) return std::optional<TransportEvent>();
  const MessageContext where = context();
  const Verdict verdict = message_rule(number, where);
  if (verdict == Verdict::unexpected) {
    const bool strict_violation = where.strict && where.kex <= KexPhase::first_newkeys;
    return Error(strict_violation ? Errc::unexpected_packet_in_strict_kex : Errc::unexpected_message, "message number");
  }
  if (number != ExtInfo::number) {
    if (Result<void> order = ext_info.before_packet(number); !order) return order.error();
  }
  switch (verdict) {
    case Verdict::service:
      storm_guard.passed(packet.payload.bytes());
      if (role == Role::client && number == userauth_success) begin_delayed_compression();
      return std::optional<TransportEvent>(Packet{number, packet.sequence_number, packet.payload});
    case Verdict::unimplemented:
      if (Result<void> few = count_in_exchange(); !few) return few.error();
      send_message(Unimplemented{packet.sequence_number});
      break;
    case Verdict::transport: return handle_own(number, packet);
    case Verdict::unexpected: break;
  }
  return std::optional<TransportEvent>();
}

EventOrNothing Transport::State::handle_own(std::uint8_t number, const OpenedPacket& packet) {
  const Bytes payload = packet.payload.bytes();
  Result<void> done;
  switch (number) {
    case Disconnect::number: {
      const Result<Disconnect> message = wire::decode<Disconnect>(payload);
      if (!message) return message.error();
      close(Error(Errc::disconnected_by_peer));
      told = true;  // by the event
      return std::optional<TransportEvent>(Disconnected{message->reason_code, wire::escaped(message->description)});
    }
    case Debug::number: {
      const Result<Debug> message = wire::decode<Debug>(payload);
      if (!message) return message.error();
      if (done = count_in_exchange(); !done) return done.error();
      return std::optional<TransportEvent>(DebugReceived{message->always_display, wire::escaped(message->message)});
    }
    case Ignore::number:
    case Unimplemented::number:
    case Pong::number: done = count_in_exchange(); break;
    case Ping::number: {
      const Result<Ping> message = wire::decode<Ping>(payload);
      if (!message) return message.error();
      if (done = count_in_exchange(); done) send_message(Pong{message->data});
      break;
    }
    case ExtInfo::number: done = ext_info.receive(payload, role == Role::client); break;
    case KexInit::number: done = on_kexinit(packet); break;
    case NewKeys::number: {
      if (Result<NewKeys> message = wire::decode<NewKeys>(payload); !message) return message.error();
      return std::optional<TransportEvent>(on_newkeys());
    }
    default: return on_method_message(payload);
  }
  if (!done) return done.error();
  return std::optional<TransportEvent>();
}

// While an exchange runs, replies wait and nothing useful passes: a peer that keeps talking is up to no good.
Result<void> Transport::State::count_in_exchange() {
  if (std::holds_alternative<Established>(kex)) return {};
  if (++messages_in_exchange > limits::messages_in_key_exchange) {
    return Error(Errc::too_many_messages, "during a key exchange");
  }
  return {};
}

KexPhase Transport::State::phase() const {
  if (std::holds_alternative<Established>(kex)) return KexPhase::established;
  if (std::holds_alternative<KexInitSent>(kex))
    return established ? KexPhase::rekey_requested : KexPhase::first_kexinit;
  if (std::holds_alternative<NewKeysAwaited>(kex))
    return established ? KexPhase::rekey_newkeys : KexPhase::first_newkeys;
  return established ? KexPhase::rekey_exchange : KexPhase::first_exchange;
}

MessageContext Transport::State::context() const {
  const KexPhase where = phase();
  return {role, where, service, strict || where == KexPhase::first_kexinit};
}

}  // namespace hawser::transport
