// A client of an SSH agent (draft-ietf-sshm-ssh-agent): a program that holds private keys and signs with them, reached
// by a Unix socket. Its list of keys and its signatures; it is never told to add or remove any.
//
//   const std::optional<std::string> socket = Agent::usual_socket();
//   Result<std::shared_ptr<Agent>> agent = co_await Agent::connect(*socket);
//   Result<std::vector<AgentIdentity>> keys = co_await (*agent)->identities();
//
// Runs on the executor of the coroutine that calls `connect`. Not thread-safe. One request at a time. No request has a
// time limit of its own, since the agent may be asking somebody: `close` ends it, and so does cancelling, which closes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hawser/crypto/keys.h"
#include "hawser/net/awaitable.h"
#include "hawser/net/stream.h"

namespace hawser::client {

struct AgentIdentity {
  crypto::PublicKey key;
  std::string comment;  // as the agent sent it: escape before printing
};

class Agent {
 public:
  // The environment's SSH_AUTH_SOCK; nullopt where it is not set or empty.
  static std::optional<std::string> usual_socket();
  // Errors: connect_failed; invalid_argument where the path is no Unix socket's.
  static net::Awaitable<Result<std::shared_ptr<Agent>>> connect(std::string socket);
  // Over a stream that exists.
  explicit Agent(std::unique_ptr<net::Stream> stream);
  ~Agent();
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  // In the agent's order, without keys of types that are unknown here. Errors: request_refused (as a locked agent may);
  // invalid_state while another request waits; closed; io_error; message_too_large, truncated, bad_value and the like
  // where the answer is not as it should be, after which the agent is closed.
  net::Awaitable<Result<std::vector<AgentIdentity>>> identities();
  // The signature in its wire form. It has been verified: an agent that signs something else, with another key or
  // another algorithm, gives bad_signature. Errors: request_refused, invalid_argument where the algorithm is not for
  // this type of key or the data is too long, and those of `identities`.
  net::Awaitable<Result<ByteVector>> sign(crypto::PublicKey key, const crypto::SignatureRow& algorithm,
                                          ByteVector data);

  // Also ends a request that waits (Errc::closed). May be called twice.
  void close();

  static constexpr std::size_t message_limit = 256 * 1024;  // bytes, as OpenSSH's agent and its clients have it
  static constexpr std::size_t identity_limit = 2048;       // as OpenSSH's clients

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hawser::client
