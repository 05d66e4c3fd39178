// What leaves: sealing, the packets that wait for a key exchange, and the end of the session.
#include <algorithm>

#include "hawser/wire/copy_bytes.h"
#include "transport/secret_payload.h"
#include "transport/transport_state.h"

namespace hawser::transport {

void Transport::State::send(PacketBuffer&& packet) {
  if (packet.size() == 0) return;
  if (closed) return wipe_if_secret(packet.payload());
  if (must_wait(packet.payload()[0])) {
    waiting_bytes += packet.size();
    waiting_memory += packet.block_size();
    waiting.push_back(std::move(packet));
  } else {
    seal(std::move(packet));
  }
  if (send_memory() > config.send_hard_limit) fail(Error(Errc::queue_full, "send queue"));
  start_exchange_if_due();
}

// RFC 4253 §7.1: after KEXINIT only key exchange messages and numbers 1 to 4 may be sent until NEWKEYS. In the first
// exchange strict key exchange forbids even those, and whether it is strict is known only later.
bool Transport::State::must_wait(std::uint8_t number) const {
  return gate_closed() && !(established && number <= Debug::number);
}

bool Transport::State::gate_closed() const {
  return !std::holds_alternative<Established>(kex) && !std::holds_alternative<NewKeysAwaited>(kex);
}

void Transport::State::seal(PacketBuffer&& packet) {
  const bool lets_in = role == Role::server && packet.payload()[0] == userauth_success;
  storm_guard.passed(packet.payload());
  if (Result<void> sealed = observe_and_seal(std::move(packet)); !sealed) return fail(sealed.error());
  if (lets_in) begin_delayed_compression();
}

Result<void> Transport::State::observe_and_seal(PacketBuffer&& packet) {
  if (observer) observer->on_packet({Direction::sent, writer.sequence_number(), packet.payload()});
  return writer.seal(std::move(packet));
}

void Transport::State::observe_transmitted(std::size_t count) const {
  for (const Bytes piece : writer.gather()) {
    const Bytes sent = piece.first(std::min(count, piece.size()));
    count -= sent.size();
    if (!sent.empty()) observer->on_bytes(Direction::sent, sent);
  }
}

void Transport::State::seal_message(Bytes payload) {
  PacketBuffer packet(*pool, payload.size());
  copy_bytes(payload, packet.payload());
  seal(std::move(packet));
}

void Transport::State::release_waiting() {
  std::vector<PacketBuffer> ready = std::move(waiting);
  waiting.clear();
  waiting_bytes = waiting_memory = 0;
  for (PacketBuffer& packet : ready) {
    if (closed) {
      wipe_if_secret(packet.payload());
    } else {
      seal(std::move(packet));
    }
  }
}

void Transport::State::queue_disconnect(DisconnectReason reason, std::string_view description) {
  const ByteVector message = wire::encode(Disconnect{static_cast<std::uint32_t>(reason), description, {}});
  PacketBuffer packet(*pool, message.size());
  copy_bytes(message, packet.payload());
  // When even this cannot be sealed the session ends without a word.
  (void)observe_and_seal(std::move(packet)).has_value();
}

void Transport::State::fail(Error error) {
  if (closed) return;
  if (failure_detail.empty()) failure_detail = error.message();
  const DisconnectText text = disconnect_text(error.code());
  if (error.code() == Errc::bad_identification || error.code() == Errc::protocol_version_not_supported) {
    // A peer that speaks something else cannot read packets, but may show a line.
    writer.queue_raw(std::string(text.description) + "\r\n");
  } else {
    queue_disconnect(text.reason, text.description);
  }
  close(error);
}

void Transport::State::close(Error why) {
  closed = true;
  failure = why;
  kex = Established();
  for (PacketBuffer& packet : waiting) wipe_if_secret(packet.payload());
  waiting.clear();
  waiting_bytes = waiting_memory = 0;
  exchange_timer.stop();
  rekey_schedule.timer().stop();
  storm_guard.timer().stop();
  if (observer) observer->on_closed(why, failure_detail);
}

}  // namespace hawser::transport
