#include "hawser/session/session.h"

#include <cassert>
#include <list>

#include "hawser/session/message_table.h"
#include "keepalive.h"

namespace hawser::session {

using transport::DisconnectReason;
using transport::Packet;
using transport::Transport;

struct Session::State {
  State(Role role, SharedValue<SessionConfig> config_, crypto::Random& random, TimePoint now_)
      : shared_config(std::move(config_)),
        started(now_),
        keepalive(config.keepalive_interval, config.keepalive_count, config.idle_time, now_),
        transport(role, shared_config.part(&SessionConfig::transport), random, now_) {
    transport.set_message_rule(message_verdict);
  }

  using Next = Result<std::optional<SessionEvent>>;

  Next on_packet(const Packet& packet);
  Next on_userauth(const Packet& packet);
  Next on_channel(const Packet& packet);
  void on_key_exchanged(const transport::KeyExchanged& exchanged);
  void begin_connection(std::optional<auth::Authenticated> proof);
  Next take(Result<std::optional<auth::UserauthServerEvent>> event);
  Next take(Result<std::optional<auth::UserauthClientEvent>> event);
  Next take(Result<std::optional<channel::ChannelEvent>> event);
  void keep(Next next);
  Error fail(Error error);
  // One answer for both: the transport may end by its own clock, or in the middle of a `send`.
  std::optional<Error> failure() const { return failed ? failed : transport.failure(); }

  const SharedValue<SessionConfig> shared_config;
  const SessionConfig& config = *shared_config;
  TimePoint started;
  Keepalive keepalive;
  std::uint64_t packets_heard = 0;  // of the peer, at the last tick
  Transport transport;
  std::optional<auth::UserauthServer> userauth_server;
  std::optional<auth::UserauthClient> userauth_client;
  std::optional<channel::Multiplexer> channels;
  std::string user;
  // What `answer`, `prompt` and `tick` produced, for the next `next()`.
  std::optional<SessionEvent> ready;
  enum class WorkOf : std::uint8_t { nobody, transport, userauth };
  WorkOf work_of = WorkOf::nobody;  // that is due
  std::optional<Error> failed;      // what ended it here, above the transport
  // Per global request that awaits its answer: is it one of the session's keepalives? A list takes no memory while
  // there are none.
  std::list<bool> asked_by_session;
};

Session::Session(Role role, SharedValue<SessionConfig> config, crypto::Random& random, TimePoint now)
    : state_(std::make_unique<State>(role, std::move(config), random, now)) {}

Session::~Session() = default;

MutableBytes Session::receive_space() { return state_->transport.receive_space(); }

void Session::received(std::size_t count) { state_->transport.received(count); }

Result<std::optional<SessionEvent>> Session::next() {
  State& s = *state_;
  while (true) {
    if (s.failed) return *s.failed;
    if (s.ready) return std::exchange(s.ready, std::nullopt);
    if (s.work_of != State::WorkOf::nobody && !s.transport.closed()) return std::optional<SessionEvent>();
    Result<std::optional<transport::TransportEvent>> event = s.transport.next();
    if (!event) return event.error();
    if (!event->has_value()) return std::optional<SessionEvent>();
    if (const Packet* packet = std::get_if<Packet>(&**event)) {
      State::Next result = s.on_packet(*packet);
      if (!result || result->has_value()) return result;
      continue;
    }
    if (auto* due = std::get_if<crypto::WorkDue>(&**event)) {
      s.work_of = State::WorkOf::transport;
      return std::optional<SessionEvent>(std::move(*due));
    }
    if (const auto* exchanged = std::get_if<transport::KeyExchanged>(&**event)) s.on_key_exchanged(*exchanged);
    return std::optional<SessionEvent>(std::move(**event));
  }
}

Session::State::Next Session::State::on_packet(const Packet& packet) {
  // The table has let nothing pass that the phase does not allow.
  return packet.number >= 80 ? on_channel(packet) : on_userauth(packet);
}

Session::State::Next Session::State::on_userauth(const Packet& packet) {
  if (channels) {  // RFC 4252 §5.1: requests after success are silently ignored, and may hold a password like others
    Payload(packet.payload).wipe();
    return std::optional<SessionEvent>();
  }
  if (transport.role() == Role::server) {
    if (packet.number == 5) transport.set_service_phase(ServicePhase::authentication);
    return take(userauth_server->receive(packet.payload));
  }
  if (packet.number == 6) {
    transport.set_service_phase(ServicePhase::authentication);
    // EXT_INFO, if there is one, has come before (RFC 8308 §2.4).
    if (transport.peer_takes_hostbound_publickey()) userauth_client->bind_to_host_key(transport.host_key());
  }
  return take(userauth_client->receive(packet.payload));
}

Session::State::Next Session::State::on_channel(const Packet& packet) {
  return take(channels->receive(packet.payload));
}

void Session::State::on_key_exchanged(const transport::KeyExchanged& exchanged) {
  if (!exchanged.first) return;
  if (transport.role() == Role::server) {
    auth::UserauthServerConfig userauth = config.userauth;
    userauth.signature_algorithms = config.transport.algorithms.user_signature;
    userauth.host_key = to_vector(transport.host_key());
    userauth.defer_public_key_work = config.transport.defer_public_key_work;
    userauth_server.emplace(transport, transport.session_id(), std::move(userauth));
  } else {
    userauth_client.emplace(transport, transport.session_id(), config.user);
  }
}

void Session::State::begin_connection(std::optional<auth::Authenticated> proof) {
  assert(proof);
  user = proof->user();
  transport.set_service_phase(ServicePhase::connection);
  channels.emplace(transport, std::move(*proof), config.channels);
}

Session::State::Next Session::State::take(Result<std::optional<auth::UserauthServerEvent>> event) {
  if (!event) return fail(event.error());
  if (!*event) return std::optional<SessionEvent>();
  if (auto* due = std::get_if<crypto::WorkDue>(&**event)) {
    work_of = WorkOf::userauth;
    return std::optional<SessionEvent>(std::move(*due));
  }
  if (std::holds_alternative<auth::AuthSucceeded>(**event)) begin_connection(userauth_server->take_authenticated());
  return std::optional<SessionEvent>(std::move(**event));
}

Session::State::Next Session::State::take(Result<std::optional<auth::UserauthClientEvent>> event) {
  if (!event) return fail(event.error());
  if (!*event) return std::optional<SessionEvent>();
  if (std::holds_alternative<auth::ClientAuthenticated>(**event))
    begin_connection(userauth_client->take_authenticated());
  return std::optional<SessionEvent>(std::move(**event));
}

Session::State::Next Session::State::take(Result<std::optional<channel::ChannelEvent>> event) {
  if (!event) return fail(event.error());
  if (!*event) return std::optional<SessionEvent>();
  if (std::holds_alternative<channel::GlobalRequestAnswered>(**event)) {
    // Empty where the request was sent past the session, through channels().
    const bool own = !asked_by_session.empty() && asked_by_session.front();
    if (!asked_by_session.empty()) asked_by_session.pop_front();
    if (own) return std::optional<SessionEvent>();
  }
  return std::optional<SessionEvent>(std::move(**event));
}

// For the next `next()`.
void Session::State::keep(Next event) {
  if (!event) {
    failed = event.error();
  } else if (*event) {
    ready = std::move(*event);
  }
}

Error Session::State::fail(Error error) {
  if (!failure()) {
    const transport::DisconnectText text = transport::disconnect_text(error.code());
    transport.disconnect(text.reason, text.description);
    failed = error;
  }
  return error;
}

std::span<const Bytes> Session::transmit() { return state_->transport.transmit(); }
void Session::transmitted(std::size_t count) { state_->transport.transmitted(count); }

void Session::tick(TimePoint now) {
  State& s = *state_;
  if (s.failure()) return;
  s.transport.tick(now);
  if (s.failure()) return;
  if (!s.channels && s.config.login_time.count() != 0 && now - s.started >= s.config.login_time) {
    static_cast<void>(s.fail(Error(Errc::login_timeout)));
    return;
  }
  if (!s.channels) return;
  // Between two ticks there is no clock: what came since the last one counts as heard now.
  const std::uint64_t packets = s.transport.stats().packets_received;
  if (std::exchange(s.packets_heard, packets) != packets) s.keepalive.heard(now);
  switch (s.keepalive.tick(now)) {
    case Keepalive::Action::none: break;
    case Keepalive::Action::ask:
      if (s.channels->global_request("keepalive@openssh.com", true)) s.asked_by_session.push_back(true);
      break;
    case Keepalive::Action::give_up: static_cast<void>(s.fail(Error(s.keepalive.reason()))); break;
  }
}

std::optional<TimePoint> Session::deadline() const {
  const State& s = *state_;
  if (s.failure()) return std::nullopt;
  std::optional<TimePoint> first = s.transport.deadline();
  const auto sooner = [&](std::optional<TimePoint> other) {
    if (other && (!first || *other < *first)) first = other;
  };
  if (!s.channels && s.config.login_time.count() != 0) sooner(s.started + s.config.login_time);
  if (s.channels) sooner(s.keepalive.deadline());
  return first;
}

void Session::answer(auth::AuthResult result, const std::vector<std::string>& methods) {
  State& s = *state_;
  if (s.failure() || !s.userauth_server || s.channels) return;
  s.keep(s.take(s.userauth_server->answer(result, methods)));
}

void Session::work_done() {
  State& s = *state_;
  const State::WorkOf whose = std::exchange(s.work_of, State::WorkOf::nobody);
  if (s.failure()) return;
  if (whose == State::WorkOf::transport) s.transport.work_done();
  if (whose == State::WorkOf::userauth) s.keep(s.take(s.userauth_server->work_done()));
}

Result<void> Session::prompt(std::string_view name, std::string_view instruction,
                             const std::vector<auth::Prompt>& prompts) {
  State& s = *state_;
  if (s.failure() || !s.userauth_server || s.channels) return Error(Errc::closed);
  Result<std::optional<auth::UserauthServerEvent>> event = s.userauth_server->prompt(name, instruction, prompts);
  if (!event && blame(event.error().code()) == Blame::caller) return event.error();
  s.keep(s.take(std::move(event)));
  return {};
}

Result<void> Session::ask_for_new_password(std::string_view prompt) {
  State& s = *state_;
  if (s.failure() || !s.userauth_server || s.channels) return Error(Errc::closed);
  Result<std::optional<auth::UserauthServerEvent>> event = s.userauth_server->ask_for_new_password(prompt);
  if (!event && blame(event.error().code()) == Blame::caller) return event.error();
  s.keep(s.take(std::move(event)));
  return {};
}

void Session::disconnect(DisconnectReason reason, std::string_view description) {
  if (state_->failure()) return;
  state_->transport.disconnect(reason, description);
  state_->failed = Error(Errc::disconnected_by_us);
}

Result<void> Session::global_request(std::string_view type, bool want_reply, Bytes specific) {
  State& s = *state_;
  if (s.failure() || !s.channels) return Error(Errc::invalid_state);
  Result<void> sent = s.channels->global_request(type, want_reply, specific);
  if (sent && want_reply) s.asked_by_session.push_back(false);
  return sent;
}

std::optional<Error> Session::failure() const { return state_->failure(); }

Transport& Session::transport() { return state_->transport; }
auth::UserauthServer& Session::userauth_server() { return *state_->userauth_server; }
auth::UserauthClient& Session::userauth_client() { return *state_->userauth_client; }
channel::Multiplexer& Session::channels() { return *state_->channels; }
bool Session::authenticated() const { return state_->channels.has_value(); }
const std::string& Session::user() const { return state_->user; }
Role Session::role() const { return state_->transport.role(); }

}  // namespace hawser::session
