#include <doctest/doctest.h>

#include "support/session_pair.h"

using namespace hawser;
using namespace hawser::test;

namespace {

transport::TransportConfig offering(transport::TransportConfig config, std::vector<std::string> names) {
  config.algorithms.compression = std::move(names);
  return config;
}

}  // namespace

TEST_CASE("session: compressed from the first keys on, or from the end of authentication on") {
  const std::string text = [] {
    std::string lines;
    for (int i = 0; i != 5000; ++i) lines += "line " + std::to_string(i) + " of a file that compresses well\n";
    return lines;
  }();
  std::size_t plain = 0;
  for (const char* name : {"none", "zlib@openssh.com", "zlib"}) {
    CAPTURE(name);
    SessionPair pair(BufferPool::create(), offering(client_config(), {name}),
                     offering(server_config(), {"none", "zlib@openssh.com", "zlib"}));
    pair.client.text = text;
    pair.pump();
    CHECK(pair.client.closed);
    CHECK(pair.client.echoed == text);
    if (plain == 0) plain = pair.sent_by_server.size();
    if (name != std::string("none")) CHECK(pair.sent_by_server.size() < plain / 4);
  }
}

TEST_CASE("session: delayed compression begins behind the success of an authentication that a rekey overtakes") {
  // With its answer it begins a rekey, so that USERAUTH_SUCCESS waits for the new keys.
  class RekeyingServer final : public EchoServerEnd {
   public:
    using EchoServerEnd::EchoServerEnd;

   private:
    void on_userauth(const auth::UserauthServerEvent& event) override {
      if (std::holds_alternative<auth::AuthRequested>(event)) session.transport().rekey();
      EchoServerEnd::on_userauth(event);
    }
  };
  session::SessionConfig client_side, server_side;
  client_side.transport = offering(client_config(), {"zlib@openssh.com"});
  client_side.user = "joe";
  server_side.transport = offering(server_config(), {"zlib@openssh.com"});
  EchoClientEnd client(Role::client, client_side, 1);
  client.text = std::string(10'000, 'x');
  RekeyingServer server(Role::server, server_side, 2);
  std::string up, down;
  pump(client, server, up, down);
  CHECK_FALSE(server.error);
  CHECK_FALSE(client.error);
  CHECK(client.authenticated);
  CHECK(server.session.transport().stats().key_exchanges == 2);
  CHECK(client.echoed == client.text);
  CHECK(up.size() < 8'000);  // compressed
}
