// keyboard-interactive (RFC 4256), the server's side.
#include "auth/userauth_server_state.h"
#include "hawser/auth/request_fields.h"

namespace hawser::auth {

UserauthServer::Event UserauthServer::State::keyboard_request(const UserauthRequest& request) {
  const Result<KeyboardInteractiveFields> fields =
      wire::decode<KeyboardInteractiveFields>(request.method_specific.bytes);
  if (!fields) return fields.error();
  return decide(KeyboardInteractiveRequest{std::string(fields->language_tag), std::string(fields->submethods)});
}

UserauthServer::Event UserauthServer::prompt(std::string_view name, std::string_view instruction,
                                             const std::vector<Prompt>& prompts) {
  State& s = *state_;
  const bool waits = s.phase == State::Phase::deciding && s.pending.kind == Method::keyboard_interactive;
  if (!waits || s.pending.refused) return Error(Errc::invalid_state, "no keyboard-interactive request waits");
  if (s.pending.rounds == s.config.prompt_rounds) return Error(Errc::invalid_state, "prompt_rounds");
  if (prompts.size() > prompt_limit) return Error(Errc::invalid_argument, "num_prompts");

  ByteVector list;
  for (const Prompt& one : prompts) {
    const ByteVector encoded = wire::encode(PromptFields{one.text, one.echo});
    list.insert(list.end(), encoded.begin(), encoded.end());
  }
  // RFC 4256 §3.2: the language tag is deprecated and should be empty.
  const UserauthInfoRequest message{name, instruction, {}, static_cast<std::uint32_t>(prompts.size()), {list}};
  if (wire::encoded_size(message) > info_message_limit) return Error(Errc::invalid_argument, "INFO_REQUEST");
  s.sink.send_message(message);
  ++s.pending.rounds;
  s.pending.prompts = prompts.size();
  s.phase = State::Phase::exchanging;
  return s.next_waiting();
}

UserauthServer::Event UserauthServer::State::info_response(Bytes message) {
  if (message.size() > info_message_limit) return Error(Errc::message_too_large, "INFO_RESPONSE");
  const Result<UserauthInfoResponse> response = wire::decode<UserauthInfoResponse>(message);
  if (!response) return response.error();
  // Each response takes a length field at least: a count that cannot be true is refused before memory is taken for it.
  const Bytes content = response->responses.bytes;
  if (response->num_responses > content.size() / 4) return Error(Errc::bad_value, "num_responses");

  std::vector<crypto::SecretBytes> responses;
  responses.reserve(response->num_responses);
  wire::Reader reader(content);
  for (std::uint32_t i = 0; i != response->num_responses && reader.ok(); ++i) {
    reader.field("response");
    responses.emplace_back(reader.string());
  }
  if (Result<void> end = reader.finish(); !end) return end.error();

  phase = Phase::deciding;
  PromptsAnswered answered;
  if (responses.size() == pending.prompts) {
    answered.responses = std::move(responses);
  } else {
    pending.refused = true;
  }
  return std::optional<UserauthServerEvent>(std::move(answered));
}

}  // namespace hawser::auth
