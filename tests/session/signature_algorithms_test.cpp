// Which signatures of users a server's session accepts, and what it announces (RFC 8308 §3.1).
#include <doctest/doctest.h>

#include "support/session_pair.h"

using namespace hawser;
using namespace hawser::test;

namespace {

using Names = std::vector<std::string>;

// A client that proves an RSA key with one algorithm, whatever the server has announced.
class SigningClient final : public SessionEnd {
 public:
  SigningClient(session::SessionConfig config, const char* algorithm)
      : SessionEnd(Role::client, std::move(config), 3), row_(*crypto::find_signature(algorithm)) {}
  Names announced;

 private:
  void on_transport(const transport::TransportEvent& event) override {
    if (std::holds_alternative<transport::HostKeyOffered>(event)) session.transport().accept_host_key();
    if (!std::holds_alternative<transport::KeyExchanged>(event)) return;
    session.userauth_client().start();
    CHECK(session.userauth_client().request_public_key(*host_key(crypto::KeyType::rsa), row_));
  }
  void on_userauth(const auth::UserauthClientEvent&) override {
    announced = session.transport().peer_signature_algorithms();
  }

  const crypto::SignatureRow& row_;
};

// A server that lets everybody in: what is refused is refused without it.
class TrustingServer final : public SessionEnd {
 public:
  using SessionEnd::SessionEnd;
  bool verified = false;  // a signature was accepted

 private:
  void on_userauth(const auth::UserauthServerEvent& event) override {
    const auto* asked = std::get_if<auth::AuthRequested>(&event);
    if (asked == nullptr) return;
    verified = std::holds_alternative<auth::PublicKeySigned>(asked->request);
    session.answer(auth::AuthResult::successful, {"publickey"});
  }
};

}  // namespace

TEST_CASE("session: only signature algorithms that server-sig-algs has named are accepted (RFC 8308 §3.1)") {
  struct Row {
    Names announced;
    const char* used;
    bool lets_in;
  };
  const Names modern = crypto::AlgorithmPolicy::modern().user_signature;
  for (const Row& row :
       {Row{modern, "rsa-sha2-256", true}, Row{{"rsa-sha2-256"}, "rsa-sha2-256", true},
        Row{{"ssh-ed25519"}, "rsa-sha2-256", false}, Row{{"rsa-sha2-512"}, "rsa-sha2-256", false},
        Row{{}, "rsa-sha2-512", false}, Row{modern, "ssh-rsa", false}, Row{{"ssh-rsa"}, "ssh-rsa", true}}) {
    session::SessionConfig server_side;
    server_side.transport = server_config();
    server_side.transport.algorithms.user_signature = row.announced;
    session::SessionConfig client_side;
    client_side.user = "joe";
    SigningClient client(client_side, row.used);
    TrustingServer server(Role::server, server_side, 4);
    pump(client, server);
    CAPTURE(row.used);
    CHECK(client.announced == row.announced);
    CHECK(server.verified == row.lets_in);
    CHECK(server.session.authenticated() == row.lets_in);
  }
}
