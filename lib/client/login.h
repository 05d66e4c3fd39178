// The client's side of one connection's events: host key, authentication, what the server asks for. It outlives the
// Client, since the connection may end later. The host key and the end are in login.cpp, the methods of authentication
// in login_methods.cpp, the keys of agents in login_agent.cpp.
#pragma once

#include "client/login_attempts.h"
#include "hawser/client/agent.h"
#include "hawser/client/client.h"

namespace hawser::client {

class Login final : public net::ConnectionHandler {
 public:
  Login(net::Connection& connection, ClientOptions options);

  // Returns when authentication has succeeded (nullopt), or the connection is over.
  Awaitable<std::optional<ConnectFailure>> wait();
  // The connection is over.
  void ended(Error reason);

  Awaitable<void> on_transport_event(transport::TransportEvent event) override;
  Awaitable<void> on_userauth_event(auth::UserauthClientEvent event) override;
  void on_channel_requested(channel::OpenRequested request) override;
  Awaitable<void> on_global_request(channel::GlobalRequestReceived request) override;
  void on_end() override { close_agents(); }

 private:
  struct OpenAgent {
    std::string socket;
    std::shared_ptr<Agent> agent;         // null: it cannot be reached
    std::vector<crypto::PublicKey> keys;  // that it may sign with
  };
  // The key whose query is under way, and what signs with it: one of the two.
  struct QueriedKey {
    crypto::PublicKey key;
    Key signer;
    std::shared_ptr<OpenAgent> agent;
  };

  Awaitable<void> check_host_key(const transport::HostKeyOffered& offered);
  void begin_authentication();
  void give_up();

  Awaitable<void> try_next();
  // False where the session takes no such request: the next credential is due.
  bool ask(const Credential& credential);
  bool ask_with_password(const Password& password);
  bool ask_with_key(const Key& key);
  bool ask_about_key(QueriedKey key);
  bool first_try_of(const crypto::PublicKey& key);
  Awaitable<void> ask_someone(AskCredential callback);
  Awaitable<void> sign_with_queried_key();
  Awaitable<std::shared_ptr<OpenAgent>> open_agent(std::string socket);
  Awaitable<void> ask_with_agent(AgentKeys credential);
  Awaitable<void> sign_with_agent(QueriedKey queried, const crypto::SignatureRow& algorithm);
  void close_agents();
  Awaitable<void> answer_prompts(auth::PromptsReceived asked);
  // nullopt: the method is given up.
  Awaitable<std::optional<std::vector<Password>>> answers_to(auth::PromptsReceived asked);
  const crypto::SignatureRow* signature_for(const crypto::PublicKey& key) const;
  auth::UserauthClient& userauth() { return connection_.session().userauth_client(); }

  net::Connection& connection_;
  ClientOptions options_;
  LoginAttempts attempts_;
  std::size_t requests_ = 0;
  std::size_t keys_ = 0;  // among the credentials
  bool waiting_for_service_ = false;
  std::optional<QueriedKey> queried_;
  std::vector<std::shared_ptr<OpenAgent>> agents_;
  std::optional<Password> for_a_prompt_;  // the one thing that keyboard-interactive is answered with
  AnswerPrompts answer_;                  // or whoever answers it
  std::vector<ByteVector> tried_keys_;
  bool request_sent_ = false;  // by the callback or the agent that is asked
  ConnectFailure failure_;
  bool logged_in_ = false;
  bool over_ = false;
  net::Signal done_;
};

}  // namespace hawser::client
