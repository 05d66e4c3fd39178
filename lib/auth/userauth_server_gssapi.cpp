// gssapi-with-mic (RFC 4462 §3), the server's side. Tokens go to and fro without a decision; what is decided is whether
// the name that the finished context proves may sign in.
#include "auth/signed_data.h"
#include "auth/userauth_server_state.h"
#include "hawser/auth/request_fields.h"

namespace hawser::auth {
namespace {

constexpr std::size_t mechanism_limit = 64;  // of a request; more say nothing that an attacker should be heard with

// The client's list in its order, or an error where it does not parse.
Result<std::vector<Bytes>> read_mechanisms(Bytes body) {
  const Result<GssapiFields> fields = wire::decode<GssapiFields>(body);
  if (!fields) return fields.error();
  const Bytes content = fields->mechanisms.bytes;
  // A length field each at least: looked at before anything counts to it.
  if (fields->mechanism_count > content.size() / 4 || fields->mechanism_count > mechanism_limit) {
    return Error(Errc::bad_value, "mechanism_count");
  }
  std::vector<Bytes> mechanisms;
  wire::Reader reader(content);
  for (std::uint32_t i = 0; i != fields->mechanism_count && reader.ok(); ++i) {
    reader.field("object_identifier");
    mechanisms.push_back(reader.string());
  }
  if (Result<void> end = reader.finish(); !end) return end.error();
  return mechanisms;
}

}  // namespace

UserauthServer::Event UserauthServer::State::gssapi_request(const UserauthRequest& request) {
  const Result<std::vector<Bytes>> mechanisms = read_mechanisms(request.method_specific.bytes);
  if (!mechanisms) return mechanisms.error();
  if (!config.gss) return refuse("no mechanism is at hand");
  for (const Bytes mechanism : *mechanisms) {
    if (!config.gss->supports(mechanism)) continue;
    pending.gss = config.gss->accept(mechanism);
    if (!pending.gss) continue;
    pending.mechanism = to_vector(mechanism);
    sink.send_message(UserauthGssapiResponse{pending.mechanism});
    phase = Phase::exchanging;
    return no_server_event();
  }
  return refuse("no common mechanism");
}

UserauthServer::Event UserauthServer::State::gssapi_message(Bytes message) {
  switch (message[0]) {
    case UserauthGssapiToken::number: return gssapi_token(message);
    case UserauthGssapiMic::number: return gssapi_mic(message);
    case UserauthGssapiExchangeComplete::number: {
      const Result<UserauthGssapiExchangeComplete> complete = wire::decode<UserauthGssapiExchangeComplete>(message);
      if (!complete) return complete.error();
      // RFC 4462 §3.5 leaves it to policy: without a MIC nothing ties the context to this session.
      return refuse("a context without integrity");
    }
    default: {
      const Result<UserauthGssapiErrtok> failed = wire::decode<UserauthGssapiErrtok>(message);
      if (!failed) return failed.error();
      if (!pending.gss_complete) pending.gss->step(failed->error_token);  // RFC 4462 §3.9
      return refuse("the client's mechanism has failed");
    }
  }
}

UserauthServer::Event UserauthServer::State::gssapi_token(Bytes message) {
  const Result<UserauthGssapiToken> received = wire::decode<UserauthGssapiToken>(message);
  if (!received) return received.error();
  if (pending.gss_complete) return Error(Errc::unexpected_message, "the security context is complete");
  if (++pending.rounds > config.token_rounds) return refuse("too many tokens");

  const GssStep step = pending.gss->step(received->token);
  if (step.state == GssStep::State::failed) {
    if (!step.message.empty()) {
      sink.send_message(UserauthGssapiError{step.major_status, step.minor_status, step.message, {}});
    }
    if (!step.token.empty()) sink.send_message(UserauthGssapiErrtok{step.token});
    return refuse("the mechanism has failed");
  }
  if (!step.token.empty()) sink.send_message(UserauthGssapiToken{step.token});
  pending.gss_complete = step.state == GssStep::State::complete;
  return no_server_event();
}

UserauthServer::Event UserauthServer::State::gssapi_mic(Bytes message) {
  const Result<UserauthGssapiMic> received = wire::decode<UserauthGssapiMic>(message);
  if (!received) return received.error();
  if (!pending.gss_complete) return refuse("a MIC before its context is complete");
  if (!pending.gss->verify_mic(gssapi_mic_data(session_id, user), received->mic)) return refuse("a wrong MIC");
  return decide(GssapiAuthenticated{pending.gss->initiator_name(), pending.mechanism});
}

}  // namespace hawser::auth
