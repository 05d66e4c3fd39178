// The client's side of one connection's events: host key, authentication, what the server asks for. It outlives the
// Client, since the connection may end later.
#pragma once

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

 private:
  using Proof = std::variant<Password, Key>;

  Awaitable<void> check_host_key(const transport::HostKeyOffered& offered);
  void begin_authentication();
  Awaitable<void> try_next();
  Awaitable<std::optional<Proof>> next_proof();
  // False where the server or the session takes no such request: the next one is due.
  bool ask(const Proof& proof);
  bool ask_with_key(const Key& key);
  bool server_takes(std::string_view method) const;
  const crypto::SignatureRow* signature_for(const crypto::PublicKey& key) const;
  void give_up();

  net::Connection& connection_;
  ClientOptions options_;
  std::size_t next_credential_ = 0;
  std::size_t keys_ = 0;      // among the credentials
  std::size_t attempts_ = 0;  // requests sent
  bool methods_known_ = false;
  bool waiting_for_service_ = false;
  Key queried_;  // the key whose query is under way
  std::vector<ByteVector> tried_keys_;
  ConnectFailure failure_;
  bool logged_in_ = false;
  bool over_ = false;
  net::Signal done_;
};

}  // namespace hawser::client
