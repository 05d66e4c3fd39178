// gssapi-with-mic (RFC 4462 §3), the client's side.
#include <algorithm>

#include "auth/display_text.h"
#include "auth/signed_data.h"
#include "auth/userauth_client_state.h"
#include "hawser/auth/request_fields.h"

namespace hawser::auth {

Result<void> UserauthClient::request_gssapi_with_mic(std::shared_ptr<GssClientProvider> provider) {
  State& s = *state_;
  if (Result<void> may = s.may_ask(); !may) return may;
  const std::vector<ByteVector> mechanisms = provider ? provider->mechanisms() : std::vector<ByteVector>();
  if (mechanisms.empty()) return Error(Errc::invalid_argument, "no mechanism");
  ByteVector list;
  for (const ByteVector& mechanism : mechanisms) wire::append_string(list, mechanism);
  const GssapiFields fields{static_cast<std::uint32_t>(mechanisms.size()), {list}};
  s.ask(Method::gssapi_with_mic, fields).provider = std::move(provider);
  return {};
}

UserauthClient::Event UserauthClient::State::gssapi_message(Bytes message) {
  switch (message[0]) {
    case UserauthGssapiResponse::number: return gssapi_response(message);
    case UserauthGssapiToken::number: return gssapi_token(message);
    case UserauthGssapiError::number: {
      const Result<UserauthGssapiError> failed = wire::decode<UserauthGssapiError>(message);
      if (!failed) return failed.error();
      return client_event(
          GssapiErrorReceived{failed->major_status, failed->minor_status, display_text(failed->message)});
    }
    default: {
      const Result<UserauthGssapiErrtok> failed = wire::decode<UserauthGssapiErrtok>(message);
      if (!failed) return failed.error();
      if (!outstanding->gss) return Error(Errc::unexpected_message, "ERRTOK without a context");
      // RFC 4462 §3.9: the mechanism may learn from it; USERAUTH_FAILURE follows either way.
      if (!outstanding->mic_sent) outstanding->gss->step(failed->error_token);
      return std::optional<UserauthClientEvent>();
    }
  }
}

UserauthClient::Event UserauthClient::State::gssapi_response(Bytes message) {
  const Result<UserauthGssapiResponse> chosen = wire::decode<UserauthGssapiResponse>(message);
  if (!chosen) return chosen.error();
  if (outstanding->gss) return Error(Errc::unexpected_message, "the mechanism is chosen already");
  // RFC 4462 §3.3: one of those that were offered.
  const std::vector<ByteVector> offered = outstanding->provider->mechanisms();
  const auto is_chosen = [&](const ByteVector& mechanism) { return equal(mechanism, chosen->mechanism); };
  if (std::ranges::none_of(offered, is_chosen)) return Error(Errc::bad_value, "mechanism");
  outstanding->gss = outstanding->provider->initiate(chosen->mechanism);
  if (!outstanding->gss) return gssapi_give_up("no credentials for the mechanism");
  return gssapi_step({});
}

UserauthClient::Event UserauthClient::State::gssapi_token(Bytes message) {
  const Result<UserauthGssapiToken> received = wire::decode<UserauthGssapiToken>(message);
  if (!received) return received.error();
  if (!outstanding->gss || outstanding->mic_sent) return Error(Errc::unexpected_message, "no token is awaited");
  if (++outstanding->rounds > token_rounds) return Error(Errc::too_many_messages, "tokens");
  return gssapi_step(received->token);
}

UserauthClient::Event UserauthClient::State::gssapi_step(Bytes received) {
  const GssStep step = outstanding->gss->step(received);
  if (step.state == GssStep::State::failed) {
    if (step.token.empty()) return gssapi_give_up(step.message);
    sink.send_message(UserauthGssapiErrtok{step.token});  // the server answers it with USERAUTH_FAILURE
    return std::optional<UserauthClientEvent>();
  }
  if (!step.token.empty()) sink.send_message(UserauthGssapiToken{step.token});
  if (step.state == GssStep::State::continue_needed) return std::optional<UserauthClientEvent>();

  // EXCHANGE_COMPLETE, which does without a MIC, is never sent: nothing would tie the context to this session.
  const Result<ByteVector> mic = outstanding->gss->mic(gssapi_mic_data(session_id, user));
  if (!mic) return gssapi_give_up("the mechanism gives no integrity");
  outstanding->mic_sent = true;
  sink.send_message(UserauthGssapiMic{*mic});
  return std::optional<UserauthClientEvent>();
}

// The server still waits for a token; the next request tells it (RFC 4252 §5.1).
UserauthClient::Event UserauthClient::State::gssapi_give_up(std::string message) {
  outstanding.reset();
  return client_event(GssapiGivenUp{std::move(message)});
}

}  // namespace hawser::auth
