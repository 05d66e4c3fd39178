#include <algorithm>

#include "auth/userauth_server_state.h"
#include "hawser/transport/messages.h"
#include "hawser/wire/limits.h"

namespace hawser::auth {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::optional<Method> find_method(std::string_view name) {
  const auto found = std::ranges::find(all_methods, name, method_name);
  return found == all_methods.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

UserauthServer::UserauthServer(PacketSink& sink, const transport::SessionId& session_id, UserauthServerConfig config)
    : state_(std::make_unique<State>(sink, session_id, std::move(config))) {}

UserauthServer::~UserauthServer() = default;

UserauthServer::State::State(PacketSink& s, const transport::SessionId& id, UserauthServerConfig c)
    : sink(s), session_id(id), config(std::move(c)), methods(config.initial_methods) {}

UserauthServer::Event UserauthServer::receive(const Payload& payload) {
  Event event = state_->receive(payload.bytes());
  // It may have held a password. What is needed of it has been copied to memory that is wiped.
  Payload(payload).wipe();
  return event;
}

UserauthServer::Event UserauthServer::answer(AuthResult result,
                                             const std::vector<std::string>& methods_that_can_continue) {
  State& s = *state_;
  if (s.phase != State::Phase::deciding) return Error(Errc::invalid_state, "no request waits for an answer");
  if (s.pending.refused) result = AuthResult::failed;
  s.phase = State::Phase::ready;
  if (s.pending.key_query && result != AuthResult::failed) {
    // RFC 4252 §7: PK_OK repeats algorithm and key, and authenticates nobody.
    s.sink.send_message(UserauthPkOk{s.pending.algorithm, s.pending.blob});
    return s.next_waiting();
  }
  if (result == AuthResult::successful) {
    s.succeed();
    return std::optional<UserauthServerEvent>(AuthSucceeded{s.user, s.pending.method});
  }
  s.methods = methods_that_can_continue;
  if (result == AuthResult::partial) {
    s.partial_successes.push_back(s.pending.method);
    s.send_failure(true);
  } else {
    s.fail();
  }
  return s.next_waiting();
}

UserauthServer::Event UserauthServer::work_done() {
  State& s = *state_;
  if (s.phase != State::Phase::proving) return Error(Errc::invalid_state, "no signature is being checked");
  const std::shared_ptr<ProofWork> work = std::exchange(s.pending.proof, nullptr);
  return s.proof_checked(*work);
}

UserauthServer::Event UserauthServer::ask_for_new_password(std::string_view prompt) {
  State& s = *state_;
  if (s.phase != State::Phase::deciding || s.pending.kind != Method::password || s.pending.refused)
    return Error(Errc::invalid_state, "no password request waits");
  s.sink.send_message(UserauthPasswdChangereq{prompt, {}});
  s.phase = State::Phase::ready;
  return s.next_waiting();
}

void UserauthServer::send_banner(std::string_view text) {
  if (state_->phase == State::Phase::authenticated || text.empty()) return;
  if (state_->phase == State::Phase::awaiting_service) {
    state_->banner += text;
  } else {
    state_->sink.send_message(UserauthBanner{text, {}});
  }
}

std::size_t UserauthServer::failed_attempts() const { return state_->failures; }

std::optional<Authenticated> UserauthServer::take_authenticated() { return std::exchange(state_->token, std::nullopt); }

UserauthServer::Event UserauthServer::State::receive(Bytes message) {
  if (message.empty()) return Error(Errc::truncated, "message number");
  // RFC 4252 §5.1: requests after success are silently ignored.
  if (phase == Phase::authenticated && message[0] == UserauthRequest::number) return no_server_event();
  if (Result<void> may = may_receive(message[0]); !may) return may.error();
  if (phase == Phase::deciding || phase == Phase::proving) {
    if (Result<void> kept = keep(message); !kept) return kept.error();
    return no_server_event();
  }
  return process(message);
}

Result<void> UserauthServer::State::may_receive(std::uint8_t number) const {
  if (phase == Phase::authenticated) return Error(Errc::unexpected_message, "authentication is over");
  if (number == UserauthRequest::number || number == transport::ServiceRequest::number) return {};
  // All other numbers are a server's to send (RFC 4252 §6), or belong to a method.
  if (phase == Phase::exchanging && pending.kind && belongs_to(*pending.kind, number, Role::server)) return {};
  return Error(Errc::unexpected_message, "not a message of the method in progress");
}

UserauthServer::Event UserauthServer::State::process(Bytes message) {
  if (message[0] == UserauthRequest::number) return userauth_request(message);
  if (message[0] == transport::ServiceRequest::number) return accept_service(message);
  return pending.kind == Method::keyboard_interactive ? info_response(message) : gssapi_message(message);
}

// RFC 4253 §10. Some clients ask anew before every attempt, which changes nothing.
UserauthServer::Event UserauthServer::State::accept_service(Bytes message) {
  const Result<transport::ServiceRequest> request = wire::decode<transport::ServiceRequest>(message);
  if (!request) return request.error();
  if (request->service_name != userauth_service) return Error(Errc::service_not_available, "service_name");
  sink.send_message(transport::ServiceAccept{userauth_service});
  if (phase == Phase::awaiting_service) {
    phase = Phase::ready;
    if (!banner.empty()) sink.send_message(UserauthBanner{banner, {}});
    banner.clear();
  }
  return no_server_event();
}

UserauthServer::Event UserauthServer::State::userauth_request(Bytes message) {
  if (phase == Phase::awaiting_service) return Error(Errc::unexpected_message, "the service was not requested");
  if (phase == Phase::exchanging) abandon();
  if (failures >= config.attempt_limit || requests >= config.request_limit) {
    return Error(Errc::too_many_auth_attempts);
  }
  const Result<UserauthRequest> request = wire::decode<UserauthRequest>(message);
  if (!request) return request.error();
  // RFC 4252 §5: a service that is not offered must not be accepted; nothing but the connection protocol is.
  if (request->service_name != connection_service) return Error(Errc::service_not_available, "service_name");
  // Nobody has such a name: hooks and logs never see it. It is an attempt like others.
  const bool nameless = request->user_name.size() > limits::user_name || request->method_name.size() > limits::name;
  const std::string_view name = nameless ? std::string_view() : request->user_name;
  if (requests == 0 || name != user) begin_user(name);
  ++requests;
  if (!nameless) return dispatch(*request);
  pending = Pending{};
  fail();
  return no_server_event();
}

UserauthServer::Event UserauthServer::State::dispatch(const UserauthRequest& request) {
  pending = Pending{};
  // The list of methods names both forms of publickey by the one name (OpenSSH PROTOCOL §3.1).
  const bool hostbound = request.method_name == publickey_hostbound_name;
  pending.method = hostbound ? method_name(Method::publickey) : request.method_name;
  pending.kind = find_method(pending.method);
  if (pending.kind == Method::none) return none_request(request);
  if (!contains(methods, pending.method)) return refuse("the method cannot continue");
  if (!pending.kind) return refuse("the method is not known");
  switch (*pending.kind) {
    case Method::none: break;  // above: it is never in a list (RFC 4252 §5.2)
    case Method::password: return password_request(request);
    case Method::publickey: return publickey_request(request);
    case Method::keyboard_interactive: return keyboard_request(request);
    case Method::gssapi_with_mic: return gssapi_request(request);
  }
  return refuse("the method is not known");
}

// RFC 4252 §5: when user or service changes, all that was achieved before is flushed. The failures still count: they
// are this connection's.
void UserauthServer::State::begin_user(std::string_view name) {
  user = name;
  methods = config.initial_methods;
  partial_successes.clear();
}

UserauthServer::Event UserauthServer::State::decide(AuthMethodRequest method_request) {
  phase = Phase::deciding;
  pending.gss.reset();  // what it has proved is in the request; its credentials go now, not with the connection
  return std::optional<UserauthServerEvent>(
      AuthRequested{user, pending.method, std::move(method_request), partial_successes});
}

UserauthServer::Event UserauthServer::State::refuse(const char* reason) {
  pending.refused = true;
  return decide(RefusedRequest{reason});
}

// RFC 4252 §5.1: no USERAUTH_FAILURE for it. It counts, or a client could learn from first rounds as often as it likes.
void UserauthServer::State::abandon() {
  phase = Phase::ready;
  pending = Pending{};
  ++failures;
}

void UserauthServer::State::fail() {
  if (requests != 1 || pending.kind != Method::none) ++failures;
  send_failure(false);
}

void UserauthServer::State::send_failure(bool partial_success) {
  const std::string list = wire::join(methods);
  sink.send_message(UserauthFailure{wire::NameList(list), partial_success});
}

void UserauthServer::State::succeed() {
  sink.send_message(UserauthSuccess{});
  phase = Phase::authenticated;
  waiting.clear();
  token = Authenticated(user, pending.method);
}

Result<void> UserauthServer::State::keep(Bytes message) {
  if (waiting.size() >= waiting_limit || message.size() > waiting_bytes - waiting_size) {
    return Error(Errc::too_many_requests, "authentication requests sent ahead");
  }
  waiting.emplace_back(message);
  waiting_size += message.size();
  return {};
}

UserauthServer::Event UserauthServer::State::next_waiting() {
  while (phase != Phase::deciding && !waiting.empty()) {
    const crypto::SecretBytes message = std::move(waiting.front());
    waiting.pop_front();
    waiting_size -= message.size();
    Event event = process(message.view());
    if (!event || event->has_value()) return event;
  }
  return no_server_event();
}

}  // namespace hawser::auth
