#include "hawser/auth/userauth_client.h"

#include "auth/display_text.h"
#include "auth/signed_data.h"
#include "hawser/auth/messages.h"
#include "hawser/transport/messages.h"

namespace hawser::auth {
namespace {

// What the server owes an answer to. It decides what messages 52 and 60 mean (RFC 4252 §6).
enum class Outstanding : std::uint8_t { nothing, none, password, public_key_query, public_key };

std::string_view method_name(Outstanding request) {
  switch (request) {
    case Outstanding::nothing:
    case Outstanding::none: return "none";
    case Outstanding::password: return "password";
    case Outstanding::public_key_query:
    case Outstanding::public_key: return "publickey";
  }
  return {};
}

using Event = Result<std::optional<UserauthClientEvent>>;

template <class E>
Event event_of(E event) {
  return std::optional<UserauthClientEvent>(std::in_place, std::in_place_type<E>, std::move(event));
}

}  // namespace

struct UserauthClient::State {
  enum class Phase : std::uint8_t { idle, service_requested, service_accepted, authenticated };

  State(PacketSink& s, const transport::SessionId& id, std::string name)
      : sink(s), session_id(id), user(std::move(name)) {}

  Result<void> may_ask() const;
  template <class Fields>
  void ask(Outstanding request, const Fields& fields);

  Event service_accept(Bytes message);
  Event failure(Bytes message);
  Event success(Bytes message);
  Event banner(Bytes message);
  Event method_message(Bytes message);

  PacketSink& sink;
  const transport::SessionId& session_id;
  std::string user;
  Phase phase = Phase::idle;
  Outstanding outstanding = Outstanding::nothing;
  std::string queried_algorithm;
  ByteVector queried_blob;
  std::size_t banners = 0;
  std::size_t banner_size = 0;
  std::optional<Authenticated> token;
};

UserauthClient::UserauthClient(PacketSink& sink, const transport::SessionId& session_id, std::string user)
    : state_(std::make_unique<State>(sink, session_id, std::move(user))) {}

UserauthClient::~UserauthClient() = default;

void UserauthClient::start() {
  if (state_->phase != State::Phase::idle) return;
  state_->phase = State::Phase::service_requested;
  state_->sink.send_message(transport::ServiceRequest{userauth_service});
}

Result<void> UserauthClient::request_none() {
  if (Result<void> may = state_->may_ask(); !may) return may;
  state_->ask(Outstanding::none, wire::Rest{});
  return {};
}

Result<void> UserauthClient::request_password(std::string_view password) {
  if (Result<void> may = state_->may_ask(); !may) return may;
  PasswordFields fields;
  fields.password = password;
  state_->ask(Outstanding::password, fields);
  return {};
}

Result<void> UserauthClient::request_password_change(std::string_view old_password, std::string_view new_password) {
  if (Result<void> may = state_->may_ask(); !may) return may;
  PasswordChangeFields fields;
  fields.old_password = old_password;
  fields.new_password = new_password;
  state_->ask(Outstanding::password, fields);
  return {};
}

Result<void> UserauthClient::query_public_key(const crypto::PublicKey& key, const crypto::SignatureRow& algorithm) {
  if (Result<void> may = state_->may_ask(); !may) return may;
  if (!key.can_verify(algorithm)) return Error(Errc::invalid_argument, "the key does not fit the signature algorithm");
  state_->queried_algorithm = algorithm.name;
  state_->queried_blob = to_vector(key.blob());
  PublicKeyQueryFields fields;
  fields.algorithm_name = algorithm.name;
  fields.public_key_blob = key.blob();
  state_->ask(Outstanding::public_key_query, fields);
  return {};
}

Result<void> UserauthClient::request_public_key(const crypto::Signer& signer, const crypto::SignatureRow& algorithm) {
  if (Result<void> may = state_->may_ask(); !may) return may;
  const crypto::PublicKey& key = signer.public_key();
  if (!key.can_verify(algorithm)) return Error(Errc::invalid_argument, "the key does not fit the signature algorithm");
  const Result<ByteVector> signature =
      signer.sign(algorithm, publickey_signed_data(state_->session_id, state_->user, algorithm.name, key.blob()));
  if (!signature) return signature.error();
  PublicKeySignedFields fields;
  fields.algorithm_name = algorithm.name;
  fields.public_key_blob = key.blob();
  fields.signature = *signature;
  state_->ask(Outstanding::public_key, fields);
  return {};
}

Event UserauthClient::receive(const Payload& payload) {
  const Bytes message = payload.bytes();
  if (message.empty()) return Error(Errc::truncated, "message number");
  State& s = *state_;
  if (message[0] == transport::ServiceAccept::number) return s.service_accept(message);
  // RFC 4252 §6: a server may send these only while authentication runs.
  if (s.phase != State::Phase::service_accepted) return Error(Errc::unexpected_message, "authentication does not run");
  switch (message[0]) {
    case UserauthFailure::number: return s.failure(message);
    case UserauthSuccess::number: return s.success(message);
    case UserauthBanner::number: return s.banner(message);
    case UserauthPkOk::number: return s.method_message(message);
    default: return Error(Errc::unexpected_message, "not a server's authentication message");
  }
}

std::optional<Authenticated> UserauthClient::take_authenticated() { return std::exchange(state_->token, std::nullopt); }

Result<void> UserauthClient::State::may_ask() const {
  if (phase == Phase::idle) return Error(Errc::invalid_state, "the service was not requested");
  if (phase == Phase::authenticated) return Error(Errc::invalid_state, "authentication is over");
  if (outstanding != Outstanding::nothing) return Error(Errc::invalid_state, "an answer is awaited");
  return {};
}

// Encodes straight into the packet, which is sealed in place: a password is not left behind in a buffer of ours.
template <class Fields>
void UserauthClient::State::ask(Outstanding request, const Fields& fields) {
  UserauthRequest head;
  head.user_name = user;
  head.service_name = connection_service;
  head.method_name = method_name(request);
  const std::size_t head_size = wire::encoded_size(head);
  PacketBuffer packet = sink.prepare(head_size + wire::Codec<Fields>::size(fields));
  wire::encode(head, packet.payload());
  wire::Writer tail(packet.payload().subspan(head_size));
  wire::Codec<Fields>::write(tail, fields);
  outstanding = request;
  sink.send(std::move(packet));
}

Event UserauthClient::State::service_accept(Bytes message) {
  const Result<transport::ServiceAccept> accept = wire::decode<transport::ServiceAccept>(message);
  if (!accept) return accept.error();
  if (phase != Phase::service_requested) return Error(Errc::unexpected_message, "no service was requested");
  if (accept->service_name != userauth_service) return Error(Errc::bad_value, "service_name");
  phase = Phase::service_accepted;
  return event_of(ServiceAccepted{});
}

Event UserauthClient::State::failure(Bytes message) {
  const Result<UserauthFailure> failed = wire::decode<UserauthFailure>(message);
  if (!failed) return failed.error();
  if (outstanding == Outstanding::nothing) return Error(Errc::unexpected_message, "no request was made");
  outstanding = Outstanding::nothing;
  return event_of(AuthFailed{failed->methods_that_can_continue.names(), failed->partial_success});
}

Event UserauthClient::State::success(Bytes message) {
  const Result<UserauthSuccess> succeeded = wire::decode<UserauthSuccess>(message);
  if (!succeeded) return succeeded.error();
  // A query asks, and proves nothing: its answers are PK_OK and FAILURE (RFC 4252 §7).
  if (outstanding == Outstanding::nothing || outstanding == Outstanding::public_key_query) {
    return Error(Errc::unexpected_message, "no request that can succeed was made");
  }
  token = Authenticated(user, std::string(method_name(outstanding)));
  outstanding = Outstanding::nothing;
  phase = Phase::authenticated;
  return event_of(ClientAuthenticated{});
}

Event UserauthClient::State::banner(Bytes message) {
  const Result<UserauthBanner> received = wire::decode<UserauthBanner>(message);
  if (!received) return received.error();
  ++banners;
  banner_size += received->message.size();
  if (banners > banner_count || banner_size > banner_bytes) return Error(Errc::too_many_messages, "banners");
  return event_of(BannerReceived{display_text(received->message)});
}

Event UserauthClient::State::method_message(Bytes message) {
  if (outstanding == Outstanding::public_key_query) {
    const Result<UserauthPkOk> accepted = wire::decode<UserauthPkOk>(message);
    if (!accepted) return accepted.error();
    if (accepted->algorithm_name != queried_algorithm) return Error(Errc::bad_value, "algorithm_name");
    if (!equal(accepted->public_key_blob, queried_blob)) return Error(Errc::bad_value, "public_key_blob");
    outstanding = Outstanding::nothing;
    return event_of(PublicKeyAccepted{});
  }
  if (outstanding == Outstanding::password) {
    const Result<UserauthPasswdChangereq> asked = wire::decode<UserauthPasswdChangereq>(message);
    if (!asked) return asked.error();
    outstanding = Outstanding::nothing;
    return event_of(PasswordChangeRequested{display_text(asked->prompt)});
  }
  return Error(Errc::unexpected_message, "message 60 belongs to no method that was asked");
}

}  // namespace hawser::auth
