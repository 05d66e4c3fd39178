// The conversation that `SSHServer::check_auth_keyboard_interactive` holds with a client (RFC 4256):
//
//   Awaitable<AuthResult> check_auth_keyboard_interactive(ServerConnection&, std::string user, std::string,
//                                                         KeyboardInteractive& client) override {
//     const std::vector<auth::Prompt> prompts{{"Password: ", false}, {"Token: ", true}};
//     const auto answers = co_await client.prompt("", "Sign in", prompts);
//     if (!answers) co_return AuthResult::failed;
//     co_return right(user, (*answers)[0], (*answers)[1]) ? AuthResult::successful : AuthResult::failed;
//   }
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hawser/auth/keyboard_interactive.h"
#include "hawser/crypto/secret.h"
#include "hawser/net/byte_channel.h"

namespace hawser::server {

using PromptAnswers = std::vector<crypto::SecretBytes>;

class KeyboardInteractive {
 public:
  virtual ~KeyboardInteractive() = default;

  // Shows the texts to the client's user and asks the prompts, as often as it takes, up to
  // `UserauthServerConfig::prompt_rounds`; no prompts are a message alone. One answer for each prompt, in order.
  // nullopt: there will be none. The client has begun another request, is gone, or has sent a wrong number of answers;
  // or these are more prompts, bytes or rounds than the limits allow. The hook should return then, and its result
  // counts only in the last case. One call at a time.
  // The arguments are read when the call is awaited, which is at once in `co_await client.prompt(...)`.
  virtual net::Awaitable<std::optional<PromptAnswers>> prompt(std::string_view name, std::string_view instruction,
                                                              const std::vector<auth::Prompt>& prompts) = 0;

  // What the client's request said besides its submethods: mostly empty (RFC 4256 §3.1).
  virtual const std::string& language_tag() const = 0;
};

}  // namespace hawser::server
