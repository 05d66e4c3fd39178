// Our own server under test control, and options for clients that reach it.
#pragma once

#include "client/login_options.h"
#include "hawser/server/memory_file_system.h"
#include "server/ssh_fixture.h"

namespace hawser::test {

class ClientRig {
 public:
  explicit ClientRig(server::SSHServerOptions options = test_options(),
                     std::shared_ptr<ScriptedServer> of_the_test = std::make_shared<ScriptedServer>())
      : server(std::move(of_the_test)) {
    server->key = ed25519_key().public_key();
    server->files = std::make_shared<server::MemoryFileSystem>();
    manager = std::make_unique<server::SSHServerManager>(server, std::move(options));
    REQUIRE(manager->start());
  }

  // The right host key; no credentials.
  client::ClientOptions options() const { return login_options(manager->port()); }
  client::ConnectResult connect(client::ClientOptions options) {
    return run(io, client::Client::connect(std::move(options)));
  }
  std::shared_ptr<client::Client> login() {
    client::ClientOptions with_password = options();
    with_password.credentials = {client::Password("secret")};
    const client::ConnectResult client = connect(std::move(with_password));
    REQUIRE_MESSAGE(client, (client ? std::string() : client.error().message()));
    return *client;
  }

  static client::Key key(const crypto::PrivateKey& key) { return std::make_shared<crypto::PrivateKey>(key); }

  std::shared_ptr<ScriptedServer> server;
  std::unique_ptr<server::SSHServerManager> manager;
  asio::io_context io;
};

}  // namespace hawser::test
