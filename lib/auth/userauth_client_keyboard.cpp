// keyboard-interactive (RFC 4256), the client's side.
#include "auth/display_text.h"
#include "auth/userauth_client_state.h"
#include "hawser/auth/request_fields.h"

namespace hawser::auth {

Result<void> UserauthClient::request_keyboard_interactive(std::string_view submethods) {
  if (Result<void> may = state_->may_ask(); !may) return may;
  // RFC 4256 §3.1: the language tag is deprecated and should be empty.
  state_->ask(Method::keyboard_interactive, KeyboardInteractiveFields{{}, submethods});
  return {};
}

Result<void> UserauthClient::answer_prompts(const std::vector<std::string_view>& responses) {
  State& s = *state_;
  if (!s.outstanding || !s.outstanding->prompts) return Error(Errc::invalid_state, "no prompts wait");
  if (responses.size() != *s.outstanding->prompts) return Error(Errc::invalid_argument, "num_responses");
  UserauthInfoResponse head;
  head.num_responses = static_cast<std::uint32_t>(responses.size());
  const std::size_t head_size = wire::encoded_size(head);
  std::size_t size = head_size;
  for (const std::string_view response : responses) size += wire::encoded_size(ResponseFields{response});
  if (size > info_message_limit) return Error(Errc::invalid_argument, "INFO_RESPONSE");

  // Straight into the packet, which is sealed in place: no response is left behind in a buffer of ours.
  PacketBuffer packet = s.sink.prepare(size);
  wire::encode(head, packet.payload());
  wire::Writer tail(packet.payload().subspan(head_size));
  for (const std::string_view response : responses) tail.string(response);
  s.outstanding->prompts.reset();
  s.sink.send(std::move(packet));
  return {};
}

UserauthClient::Event UserauthClient::State::info_request(Bytes message) {
  if (outstanding->prompts) return Error(Errc::unexpected_message, "INFO_REQUEST before the last was answered");
  if (message.size() > info_message_limit) return Error(Errc::message_too_large, "INFO_REQUEST");
  if (++outstanding->rounds > info_request_limit) return Error(Errc::too_many_messages, "INFO_REQUEST");
  const Result<UserauthInfoRequest> request = wire::decode<UserauthInfoRequest>(message);
  if (!request) return request.error();
  // A length field and a boolean each: looked at before memory is taken for them.
  const Bytes content = request->prompts.bytes;
  if (request->num_prompts > content.size() / 5) return Error(Errc::bad_value, "num_prompts");
  if (request->num_prompts > prompt_limit) return Error(Errc::message_too_large, "num_prompts");

  PromptsReceived event{display_text(request->form_name), display_text(request->instruction), {}};
  wire::Reader reader(content);
  for (std::uint32_t i = 0; i != request->num_prompts && reader.ok(); ++i) {
    PromptFields fields;
    wire::Codec<PromptFields>::read(reader, fields);
    event.prompts.push_back({display_text(fields.prompt), fields.echo});
  }
  if (Result<void> end = reader.finish(); !end) return end.error();
  outstanding->prompts = event.prompts.size();
  return client_event(std::move(event));
}

}  // namespace hawser::auth
