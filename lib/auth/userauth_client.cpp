#include "hawser/auth/userauth_client.h"

#include "auth/display_text.h"
#include "auth/userauth_client_state.h"
#include "hawser/transport/messages.h"

namespace hawser::auth {

UserauthClient::UserauthClient(PacketSink& sink, const transport::SessionId& session_id, std::string user)
    : state_(std::make_unique<State>(sink, session_id, std::move(user))) {}

UserauthClient::~UserauthClient() = default;

void UserauthClient::start() {
  if (state_->phase != State::Phase::idle) return;
  state_->phase = State::Phase::service_requested;
  state_->sink.send_message(transport::ServiceRequest{userauth_service});
}

UserauthClient::Event UserauthClient::receive(const Payload& payload) { return state_->receive(payload.bytes()); }

std::optional<Authenticated> UserauthClient::take_authenticated() { return std::exchange(state_->token, std::nullopt); }

UserauthClient::Event UserauthClient::State::receive(Bytes message) {
  if (message.empty()) return Error(Errc::truncated, "message number");
  if (message[0] == transport::ServiceAccept::number) return service_accept(message);
  // RFC 4252 §6: a server may send these only while authentication runs.
  if (phase != Phase::service_accepted) return Error(Errc::unexpected_message, "authentication does not run");
  switch (message[0]) {
    case UserauthFailure::number: return failure(message);
    case UserauthSuccess::number: return success(message);
    case UserauthBanner::number: return banner(message);
    default: return method_message(message);
  }
}

Result<void> UserauthClient::State::may_ask() const {
  if (phase == Phase::idle) return Error(Errc::invalid_state, "the service was not requested");
  if (phase == Phase::authenticated) return Error(Errc::invalid_state, "authentication is over");
  if (outstanding && !outstanding->prompts) return Error(Errc::invalid_state, "an answer is awaited");
  return {};
}

UserauthClient::Event UserauthClient::State::service_accept(Bytes message) {
  const Result<transport::ServiceAccept> accept = wire::decode<transport::ServiceAccept>(message);
  if (!accept) return accept.error();
  if (phase != Phase::service_requested) return Error(Errc::unexpected_message, "no service was requested");
  if (accept->service_name != userauth_service) return Error(Errc::bad_value, "service_name");
  phase = Phase::service_accepted;
  return client_event(ServiceAccepted{});
}

UserauthClient::Event UserauthClient::State::failure(Bytes message) {
  const Result<UserauthFailure> failed = wire::decode<UserauthFailure>(message);
  if (!failed) return failed.error();
  if (!outstanding || outstanding->prompts) return Error(Errc::unexpected_message, "no answer is awaited");
  outstanding.reset();
  return client_event(AuthFailed{failed->methods_that_can_continue.names(), failed->partial_success});
}

UserauthClient::Event UserauthClient::State::success(Bytes message) {
  const Result<UserauthSuccess> succeeded = wire::decode<UserauthSuccess>(message);
  if (!succeeded) return succeeded.error();
  // A query asks, and proves nothing: its answers are PK_OK and FAILURE (RFC 4252 §7). In the midst of a conversation
  // nothing has been proved either.
  if (!outstanding || !outstanding->can_succeed()) {
    return Error(Errc::unexpected_message, "no request that can succeed was made");
  }
  token = Authenticated(user, std::string(method_name(outstanding->method)));
  outstanding.reset();
  phase = Phase::authenticated;
  return client_event(ClientAuthenticated{});
}

UserauthClient::Event UserauthClient::State::banner(Bytes message) {
  const Result<UserauthBanner> received = wire::decode<UserauthBanner>(message);
  if (!received) return received.error();
  ++banners;
  banner_size += received->message.size();
  if (banners > banner_count || banner_size > banner_bytes) return Error(Errc::too_many_messages, "banners");
  return client_event(BannerReceived{display_text(received->message)});
}

UserauthClient::Event UserauthClient::State::method_message(Bytes message) {
  if (!outstanding || !belongs_to(outstanding->method, message[0], Role::client)) {
    return Error(Errc::unexpected_message, "not a message of the method in progress");
  }
  switch (outstanding->method) {
    case Method::none: break;
    case Method::password: return passwd_changereq(message);
    case Method::publickey: return pk_ok(message);
    case Method::keyboard_interactive: return info_request(message);
    case Method::gssapi_with_mic: return gssapi_message(message);
  }
  return Error(Errc::unexpected_message, "not a message of the method in progress");
}

}  // namespace hawser::auth
