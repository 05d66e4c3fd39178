// The public surface and the clock.
#include "hawser/transport/transport.h"

#include "transport/kex_proposal.h"
#include "transport/transport_state.h"

namespace hawser::transport {

Result<void> check_config(Role role, const TransportConfig& config) {
  if (Result<std::string> identification = make_identification(config.software); !identification) {
    return identification.error();
  }
  return check_proposal(role, config);
}

Transport::State::State(Role own_role, SharedValue<TransportConfig> configuration, crypto::Random& generator,
                        TimePoint start)
    : role(own_role),
      shared_config(std::move(configuration)),
      observer(config.make_observer ? config.make_observer(own_role) : nullptr),
      random(generator),
      pool(config.pool ? config.pool : BufferPool::create()),
      reader(*pool, config.packet_length_limit),
      writer(*pool, random),
      rekey_schedule(config.rekey),
      identification_parser(role, role == Role::client ? config.pre_identification_lines : 0),
      now(start) {
  if (Result<void> usable = check_config(role, config); !usable) {
    // Nothing is said to the peer: what is wrong is on this side, and known before the first byte.
    failure_detail = usable.error().message();
    close(usable.error());
    return;
  }
  own_identification = *make_identification(config.software);
  writer.queue_raw(own_identification + "\r\n");
  if (observer) observer->on_identification(Direction::sent, own_identification);
  start_exchange_now();
  exchange_timer.start_at(start, config.key_exchange_time);
}

void Transport::State::tick(TimePoint time) {
  now = time;
  if (observer) observer->on_tick(time);
  if (closed) return;
  reader.release_idle();
  writer.release_idle();
  if (exchange_timer.expired(now)) return fail(Error(Errc::timed_out, "key exchange"));
  if (storm_guard.timer().expired(now)) storm_guard.window_over();
  if (rekey_schedule.timer().expired(now) && std::holds_alternative<Established>(kex)) start_exchange_now();
}

std::optional<TimePoint> Transport::State::deadline() const {
  std::optional<TimePoint> first;
  for (const Timer* timer : {&exchange_timer, &storm_guard.timer(), &rekey_schedule.timer()}) {
    const std::optional<TimePoint> one = timer->deadline(now);
    if (one && (!first || *one < *first)) first = one;
  }
  return first;
}

Transport::Transport(Role role, SharedValue<TransportConfig> config, crypto::Random& random, TimePoint now)
    : state_(std::make_unique<State>(role, std::move(config), random, now)) {}
Transport::~Transport() = default;

MutableBytes Transport::receive_space() { return state_->reader.space(); }
void Transport::received(std::size_t count) {
  state_->reader.received(count);
  if (state_->observer && count != 0) {
    state_->observer->on_bytes(Direction::received, state_->reader.unread().last(count));
  }
  if (state_->closed) state_->reader.discard();
}
Result<std::optional<TransportEvent>> Transport::next() { return state_->next(); }

void Transport::accept_host_key() { state_->accept_host_key(); }
void Transport::work_done() { state_->work_done(); }
void Transport::reject_host_key() {
  if (std::holds_alternative<HostKeyUndecided>(state_->kex)) state_->fail(Error(Errc::host_key_rejected, "host key"));
}

std::span<const Bytes> Transport::transmit() { return state_->writer.gather(); }
void Transport::transmitted(std::size_t count) {
  if (state_->observer) state_->observe_transmitted(count);
  state_->writer.transmitted(count);
}
std::size_t Transport::queued() const { return state_->writer.queued_bytes() + state_->waiting_bytes; }

PacketBuffer Transport::prepare(std::size_t payload_size) { return PacketBuffer(*state_->pool, payload_size); }
void Transport::send(PacketBuffer&& packet) { state_->send(std::move(packet)); }
bool Transport::writable() const {
  return !state_->closed && !state_->gate_closed() && state_->send_memory() <= state_->config.send_limit;
}

void Transport::tick(TimePoint now) { state_->tick(now); }
std::optional<TimePoint> Transport::deadline() const { return state_->deadline(); }

void Transport::rekey() {
  if (!state_->closed && std::holds_alternative<Established>(state_->kex)) state_->start_exchange_now();
}

void Transport::disconnect(DisconnectReason reason, std::string_view description) {
  if (state_->closed) return;
  state_->queue_disconnect(reason, description);
  state_->close(Error(Errc::disconnected_by_us, "session"));
}

void Transport::send_unimplemented(std::uint32_t sequence_number) {
  state_->send_message(Unimplemented{sequence_number});
}
void Transport::set_service_phase(ServicePhase phase) { state_->service = phase; }
void Transport::set_message_rule(MessageRule rule) { state_->message_rule = rule; }

Role Transport::role() const { return state_->role; }
bool Transport::closed() const { return state_->closed; }
std::optional<Error> Transport::failure() const {
  if (!state_->closed) return std::nullopt;
  return state_->failure;
}
const SessionId& Transport::session_id() const { return state_->session_id.value(); }
const Negotiated& Transport::negotiated() const { return state_->negotiated; }
const std::string& Transport::peer_identification() const { return state_->peer_identification_escaped; }
const std::vector<std::string>& Transport::peer_signature_algorithms() const {
  return state_->ext_info.signature_algorithms();
}
bool Transport::peer_takes_hostbound_publickey() const { return state_->ext_info.hostbound_publickey(); }
Bytes Transport::host_key() const { return state_->host_key; }
const std::string& Transport::failure_detail() const { return state_->failure_detail; }
BufferPool& Transport::pool() const { return *state_->pool; }

TransportStats Transport::stats() const {
  const State& s = *state_;
  return {s.writer.packets_sent(),   s.reader.packets_received(), s.writer.bytes_sent(),
          s.reader.bytes_received(), s.reader.bytes_moved(),      s.key_exchanges};
}

}  // namespace hawser::transport
