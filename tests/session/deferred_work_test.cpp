// A session whose server hands its public-key work out (TransportConfig::defer_public_key_work).
#include <doctest/doctest.h>

#include "support/session_pair.h"

using namespace hawser;
using namespace hawser::test;

namespace {

using Work = std::vector<std::shared_ptr<crypto::DeferredWork>>;

session::SessionConfig deferring() {
  session::SessionConfig config;
  config.transport = server_config();
  config.transport.defer_public_key_work = true;
  config.transport.key_exchange_time = std::chrono::seconds(60);
  config.login_time = std::chrono::seconds(0);
  return config;
}

// A server that keeps the work it is given, and lets in whoever signs.
class KeepingServer final : public SessionEnd {
 public:
  KeepingServer() : SessionEnd(Role::server, deferring(), 2) {}
  Work work;
  std::size_t signatures = 0;

  void finish_work() {
    work.back()->run();
    session.work_done();
    drain();
  }

 private:
  void on_work(crypto::WorkDue due) override { work.push_back(std::move(due.work)); }
  void on_userauth(const auth::UserauthServerEvent& event) override {
    const auto* asked = std::get_if<auth::AuthRequested>(&event);
    if (asked == nullptr) return;
    const bool proved = std::holds_alternative<auth::PublicKeySigned>(asked->request);
    if (proved) ++signatures;
    session.answer(proved ? auth::AuthResult::successful : auth::AuthResult::failed, {"publickey"});
  }
};

class KeyClient final : public SessionEnd {
 public:
  KeyClient() : SessionEnd(Role::client, named("joe"), 1) {}

 private:
  static session::SessionConfig named(const char* user) {
    session::SessionConfig config;
    config.user = user;
    return config;
  }
  void on_transport(const transport::TransportEvent& event) override {
    if (std::holds_alternative<transport::HostKeyOffered>(event)) session.transport().accept_host_key();
    const auto* exchanged = std::get_if<transport::KeyExchanged>(&event);
    if (exchanged == nullptr || !exchanged->first) return;
    session.userauth_client().start();
    const auto& row = *crypto::find_signature("ssh-ed25519");
    CHECK(session.userauth_client().request_public_key(*host_key(crypto::KeyType::ed25519), row));
  }
};

struct Sessions {
  KeepingServer server;
  KeyClient client;

  void pump() { test::pump(client, server); }
};

}  // namespace

TEST_CASE("session: the key exchange, the user's signature and a rekey are each handed out, in order") {
  Sessions both;
  both.pump();
  REQUIRE(both.server.work.size() == 1);
  both.server.finish_work();
  both.pump();
  REQUIRE(both.server.work.size() == 2);  // the signature
  CHECK_FALSE(both.server.session.authenticated());
  CHECK(both.server.signatures == 0);
  both.server.finish_work();
  both.pump();
  CHECK(both.server.signatures == 1);
  CHECK(both.client.session.authenticated());
  both.client.session.transport().rekey();
  both.pump();
  REQUIRE(both.server.work.size() == 3);
  both.server.finish_work();
  both.pump();
  CHECK(both.server.session.transport().stats().key_exchanges == 2);
  CHECK_FALSE(both.server.error);
  CHECK_FALSE(both.client.error);
}

TEST_CASE("session: an end that comes while work is due is told at once, and the work changes nothing") {
  Sessions both;
  both.pump();
  REQUIRE(both.server.work.size() == 1);
  both.server.session.tick(TimePoint() + std::chrono::seconds(61));
  both.server.drain();
  REQUIRE(both.server.error);
  CHECK(both.server.error->code() == Errc::timed_out);
  both.server.finish_work();
  both.pump();
  CHECK(both.server.session.transport().stats().key_exchanges == 0);
  CHECK_FALSE(both.client.session.authenticated());
}
