#include "hawser/auth/userauth_server.h"

#include <algorithm>
#include <deque>

#include "auth/publickey_request.h"
#include "hawser/auth/messages.h"
#include "hawser/transport/messages.h"

namespace hawser::auth {
namespace {

enum class Phase : std::uint8_t {
  awaiting_service,  // SERVICE_REQUEST has not come
  ready,             // the next request may be looked at
  deciding,          // an AuthRequested waits for its answer
  authenticated,
};

// What is remembered of the request that is being decided.
struct Pending {
  enum class Kind : std::uint8_t { other, password, key_query };
  Kind kind = Kind::other;
  std::string method;
  std::string algorithm;  // of a key query, for PK_OK
  ByteVector blob;
};

using Event = Result<std::optional<UserauthServerEvent>>;

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

Event no_event() { return std::optional<UserauthServerEvent>(); }

}  // namespace

struct UserauthServer::State {
  State(PacketSink& s, const transport::SessionId& id, UserauthServerConfig c)
      : sink(s), session_id(id), config(std::move(c)), methods(config.initial_methods) {
    if (config.signature_algorithms.empty()) {
      config.signature_algorithms = crypto::AlgorithmPolicy::modern().user_signature;
    }
  }

  Event process(Bytes message);
  Event accept_service(Bytes message);
  Event userauth_request(Bytes message);
  Event none_request(const UserauthRequest& request);
  Event password_request(const UserauthRequest& request);
  Event publickey_request(const UserauthRequest& request);
  Event decide(const UserauthRequest& request, AuthMethodRequest method_request);
  Event refuse();  // without asking anybody
  Event next_waiting();
  Result<void> keep(Bytes message);
  void begin_user(std::string_view name);
  void fail();
  void send_failure(bool partial_success);
  void succeed();

  PacketSink& sink;
  const transport::SessionId& session_id;
  UserauthServerConfig config;

  Phase phase = Phase::awaiting_service;
  std::string banner;  // what must wait for SERVICE_ACCEPT

  // Of the user of the last request; flushed when another is named (RFC 4252 §5).
  std::string user;
  std::vector<std::string> methods;  // that can continue
  std::vector<std::string> partial_successes;

  Pending pending;
  std::size_t requests = 0;
  std::size_t failures = 0;
  std::deque<crypto::SecretBytes> waiting;  // whole messages, which may hold passwords
  std::size_t waiting_size = 0;
  std::optional<Authenticated> token;
};

UserauthServer::UserauthServer(PacketSink& sink, const transport::SessionId& session_id, UserauthServerConfig config)
    : state_(std::make_unique<State>(sink, session_id, std::move(config))) {}

UserauthServer::~UserauthServer() = default;

Event UserauthServer::receive(const Payload& payload) {
  const Bytes message = payload.bytes();
  if (message.empty()) return Error(Errc::truncated, "message number");
  const bool is_request = message[0] == UserauthRequest::number;
  if (state_->phase == Phase::authenticated) {
    // RFC 4252 §5.1: requests after success are silently ignored.
    if (is_request) return no_event();
    return Error(Errc::unexpected_message, "authentication is over");
  }
  // All other numbers of this layer are a server's to send (RFC 4252 §6).
  if (!is_request && message[0] != transport::ServiceRequest::number) {
    return Error(Errc::unexpected_message, "not a client's authentication message");
  }
  if (state_->phase == Phase::deciding) {
    if (Result<void> kept = state_->keep(message); !kept) return kept.error();
    return no_event();
  }
  return state_->process(message);
}

Event UserauthServer::answer(AuthResult result, const std::vector<std::string>& methods_that_can_continue) {
  State& s = *state_;
  if (s.phase != Phase::deciding) return Error(Errc::invalid_state, "no request waits for an answer");
  if (s.pending.kind == Pending::Kind::key_query && result != AuthResult::failed) {
    // RFC 4252 §7: PK_OK repeats algorithm and key, and authenticates nobody.
    s.sink.send_message(UserauthPkOk{s.pending.algorithm, s.pending.blob});
    s.phase = Phase::ready;
    return s.next_waiting();
  }
  if (result == AuthResult::successful) {
    s.succeed();
    return std::optional<UserauthServerEvent>(AuthSucceeded{s.user, s.pending.method});
  }
  s.phase = Phase::ready;
  s.methods = methods_that_can_continue;
  if (result == AuthResult::partial) {
    s.partial_successes.push_back(s.pending.method);
    s.send_failure(true);
  } else {
    s.fail();
  }
  return s.next_waiting();
}

Event UserauthServer::ask_for_new_password(std::string_view prompt) {
  State& s = *state_;
  if (s.phase != Phase::deciding || s.pending.kind != Pending::Kind::password)
    return Error(Errc::invalid_state, "no password request waits");
  s.sink.send_message(UserauthPasswdChangereq{prompt, {}});
  s.phase = Phase::ready;
  return s.next_waiting();
}

void UserauthServer::send_banner(std::string_view text) {
  if (state_->phase == Phase::authenticated || text.empty()) return;
  if (state_->phase == Phase::awaiting_service) {
    state_->banner += text;
  } else {
    state_->sink.send_message(UserauthBanner{text, {}});
  }
}

std::size_t UserauthServer::failed_attempts() const { return state_->failures; }

std::optional<Authenticated> UserauthServer::take_authenticated() { return std::exchange(state_->token, std::nullopt); }

Event UserauthServer::State::process(Bytes message) {
  return message[0] == UserauthRequest::number ? userauth_request(message) : accept_service(message);
}

// RFC 4253 §10. Some clients ask anew before every attempt, which changes nothing.
Event UserauthServer::State::accept_service(Bytes message) {
  const Result<transport::ServiceRequest> request = wire::decode<transport::ServiceRequest>(message);
  if (!request) return request.error();
  if (request->service_name != userauth_service) return Error(Errc::service_not_available, "service_name");
  sink.send_message(transport::ServiceAccept{userauth_service});
  if (phase == Phase::awaiting_service) {
    phase = Phase::ready;
    if (!banner.empty()) sink.send_message(UserauthBanner{banner, {}});
    banner.clear();
  }
  return no_event();
}

Event UserauthServer::State::userauth_request(Bytes message) {
  if (phase == Phase::awaiting_service) return Error(Errc::unexpected_message, "the service was not requested");
  if (failures >= config.attempt_limit || requests >= config.request_limit) {
    return Error(Errc::too_many_auth_attempts);
  }
  const Result<UserauthRequest> request = wire::decode<UserauthRequest>(message);
  if (!request) return request.error();
  // RFC 4252 §5: a service that is not offered must not be accepted; nothing but the connection protocol is.
  if (request->service_name != connection_service) return Error(Errc::service_not_available, "service_name");
  if (requests == 0 || request->user_name != user) begin_user(request->user_name);
  ++requests;
  const std::string_view method = request->method_name;
  pending = Pending{};
  pending.method = method;
  if (method == "none") return none_request(*request);
  if (!contains(methods, method)) return refuse();
  if (method == "password") return password_request(*request);
  if (method == "publickey") return publickey_request(*request);
  return refuse();
}

// RFC 4252 §5: when user or service changes, all that was achieved before is flushed. The failures still count: they
// are this connection's.
void UserauthServer::State::begin_user(std::string_view name) {
  user = name;
  methods = config.initial_methods;
  partial_successes.clear();
}

Event UserauthServer::State::none_request(const UserauthRequest& request) {
  if (!request.method_specific.bytes.empty()) return Error(Errc::trailing_bytes, "method_specific");
  return decide(request, NoneRequest{});
}

Event UserauthServer::State::password_request(const UserauthRequest& request) {
  const Bytes body = request.method_specific.bytes;
  wire::Reader form(body);
  form.field("change");
  const bool change = form.boolean();
  if (Result<void> status = form.status(); !status) return status.error();

  PasswordRequest event;
  if (change) {
    const Result<PasswordChangeFields> fields = wire::decode<PasswordChangeFields>(body);
    if (!fields) return fields.error();
    event.password = crypto::SecretBytes(as_bytes(fields->old_password));
    event.new_password = crypto::SecretBytes(as_bytes(fields->new_password));
  } else {
    const Result<PasswordFields> fields = wire::decode<PasswordFields>(body);
    if (!fields) return fields.error();
    event.password = crypto::SecretBytes(as_bytes(fields->password));
  }
  pending.kind = Pending::Kind::password;
  return decide(request, std::move(event));
}

Event UserauthServer::State::publickey_request(const UserauthRequest& request) {
  Result<std::optional<PublicKeyRequest>> read =
      read_publickey_request(request, session_id, config.signature_algorithms);
  if (!read) return read.error();
  if (!read->has_value()) return refuse();
  PublicKeyRequest& proved = **read;
  if (proved.signature_verified) {
    return decide(request, PublicKeySigned{std::move(proved.key), std::move(proved.algorithm)});
  }
  pending.kind = Pending::Kind::key_query;
  pending.algorithm = proved.algorithm;
  pending.blob = to_vector(proved.key.blob());
  return decide(request, PublicKeyQuery{std::move(proved.key), std::move(proved.algorithm)});
}

Event UserauthServer::State::decide(const UserauthRequest& request, AuthMethodRequest method_request) {
  phase = Phase::deciding;
  return std::optional<UserauthServerEvent>(AuthRequested{
      std::string(request.user_name), std::string(request.method_name), std::move(method_request), partial_successes});
}

Event UserauthServer::State::refuse() {
  fail();
  return no_event();
}

void UserauthServer::State::fail() {
  if (requests != 1 || pending.method != "none") ++failures;
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
  waiting_size += message.size();
  waiting.emplace_back(message);
  return {};
}

Event UserauthServer::State::next_waiting() {
  while (phase == Phase::ready && !waiting.empty()) {
    const crypto::SecretBytes message = std::move(waiting.front());
    waiting.pop_front();
    waiting_size -= message.size();
    Event event = process(message.view());
    if (!event || event->has_value()) return event;
  }
  return no_event();
}

}  // namespace hawser::auth
