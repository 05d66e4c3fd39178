// What a client can prove itself with. Tried in the given order, each as often as it says; a method that the server
// does not take is passed over, and looked at again when a partial success has changed what the server takes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hawser/auth/userauth_client.h"
#include "hawser/crypto/keys.h"
#include "hawser/crypto/secret.h"
#include "hawser/net/byte_channel.h"

namespace hawser::client {

// Copies share the one secret, which is wiped with the last of them.
class Password {
 public:
  explicit Password(std::string_view text) : secret_(std::make_shared<crypto::SecretBytes>(as_bytes(text))) {}
  std::string_view reveal() const { return as_text(secret_->view()); }

 private:
  std::shared_ptr<const crypto::SecretBytes> secret_;
};

using Key = std::shared_ptr<const crypto::Signer>;

// Asks someone when its turn comes, again and again until it gives nothing. `methods` are those that the server would
// take.
using AskCredential =
    std::function<net::Awaitable<std::optional<std::variant<Password, Key>>>(std::vector<std::string> methods)>;

// Answers the prompts of a server, in their order; asked in each round of the conversation. nullopt, or another number
// of answers, gives the method up. A round without prompts is there to be shown; its answers are not looked at.
using AnswerPrompts = std::function<net::Awaitable<std::optional<std::vector<Password>>>(auth::PromptsReceived asked)>;

// keyboard-interactive (RFC 4256): one-time codes, challenges, and passwords where a server wants them so.
struct KeyboardInteractive {
  AnswerPrompts answer;
  std::size_t tries = 1;   // conversations, where the server refuses the answers
  std::string submethods;  // a hint to servers that know it (RFC 4256 §3.1)
};

// gssapi-with-mic (RFC 4462 §3).
using Gssapi = std::shared_ptr<auth::GssClientProvider>;

// The keys that an agent holds (agent.h): its list is asked for when its turn comes, then the server about one key
// after the other, and the agent for a signature with one that the server would take. That may wait for somebody who
// confirms it; the time for the login goes on. A key that was tried, from a file or by an agent, is passed over. An
// agent that does not answer, or not as it should, is given up.
struct AgentKeys {
  std::string socket;                   // its Unix socket, see Agent::usual_socket
  std::vector<crypto::PublicKey> only;  // none but these; empty: all
  // How many of its keys the server is asked about. Servers end the session after about six failed requests; this
  // leaves one for what comes after.
  std::size_t tries = 5;
};

using Credential = std::variant<Password, Key, AskCredential, KeyboardInteractive, Gssapi, AgentKeys>;

}  // namespace hawser::client
