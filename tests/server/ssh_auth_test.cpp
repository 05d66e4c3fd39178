// Authentication as an SSHServer decides it (contract: hooks of authentication).
#include "hawser/channel/messages.h"
#include "ssh_fixture.h"
#include "support/transport_configs.h"

namespace hawser::test {

namespace {

using Calls = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(ServerFixture, "ssh server: the right password signs in, and the hooks are told in order") {
  TestClient client(start());
  CHECK(client.login());
  CHECK(server->calls() == Calls{"connection opened", "allowed user", "password user", "successful user password"});
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: a wrong password fails with the methods that can continue") {
  TestClient client(start());
  CHECK_FALSE(client.login("wrong"));
  CHECK(client.failure.methods_that_can_continue == Calls{"password", "publickey"});
  CHECK_FALSE(client.failure.partial_success);
  CHECK(server->called("failed user password"));
  CHECK(client.userauth().request_password("secret"));
  client.connection->flush_soon();
  CHECK(client.succeeded());
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: get_allowed_auths cannot name a method that has no handler, or none") {
  server->methods = {"password"};
  server->allowed = {"publickey", "none", "keyboard-interactive", "password"};
  TestClient client(start());
  CHECK_FALSE(client.login("wrong"));
  CHECK(client.failure.methods_that_can_continue == Calls{"password"});
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: a method that is not listed is refused without a hook") {
  server->methods = {"publickey"};
  server->key = other_ed25519_key().public_key();
  TestClient client(start());
  CHECK_FALSE(client.login());
  CHECK_FALSE(server->called("password user"));
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: none is refused by a server that does not list it") {
  TestClient client(start());
  REQUIRE(client.connect());
  CHECK(client.userauth().request_none());
  client.connection->flush_soon();
  CHECK_FALSE(client.succeeded());
  CHECK_FALSE(server->called("none user"));
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: none signs in where it is listed and allowed") {
  server->methods = {"none"};
  options.allow_unauthenticated = true;
  TestClient client(start(), "anybody");
  REQUIRE(client.connect());
  CHECK(client.userauth().request_none());
  client.connection->flush_soon();
  CHECK(client.succeeded());
  CHECK(server->called("successful anybody none"));
}

TEST_CASE_FIXTURE(ServerFixture,
                  "ssh server: a key is asked about twice, as a query and with its signature (RFC 4252 §7)") {
  server->key = other_ed25519_key().public_key();
  TestClient client(start());
  REQUIRE(client.connect());
  CHECK(client.userauth().query_public_key(other_ed25519_key().public_key(), ed25519()));
  client.connection->flush_soon();
  const auto accepted = client.next_event();
  REQUIRE(accepted);
  CHECK(std::holds_alternative<auth::PublicKeyAccepted>(*accepted));
  CHECK_FALSE(server->called("successful user publickey"));
  CHECK(client.userauth().request_public_key(other_ed25519_key(), ed25519()));
  client.connection->flush_soon();
  CHECK(client.succeeded());
  CHECK(server->called("query user"));
  CHECK(server->called("signature user"));
  CHECK(server->called("successful user publickey"));
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: a key that is refused is refused in both forms") {
  TestClient client(start());
  REQUIRE(client.connect());
  CHECK(client.userauth().query_public_key(other_ed25519_key().public_key(), ed25519()));
  client.connection->flush_soon();
  CHECK_FALSE(client.succeeded());
  CHECK(client.userauth().request_public_key(other_ed25519_key(), ed25519()));
  client.connection->flush_soon();
  CHECK_FALSE(client.succeeded());
  CHECK(server->called("failed user publickey"));
}

TEST_CASE_FIXTURE(ServerFixture,
                  "ssh server: partial success says so, and a second method completes it (RFC 4252 §5.1)") {
  server->key = other_ed25519_key().public_key();
  server->key_is_partial = true;
  TestClient client(start());
  REQUIRE(client.connect());
  CHECK(client.userauth().request_public_key(other_ed25519_key(), ed25519()));
  client.connection->flush_soon();
  CHECK_FALSE(client.succeeded());
  CHECK(client.failure.partial_success);
  CHECK_FALSE(server->called("failed user publickey"));
  CHECK(client.userauth().request_password("secret"));
  client.connection->flush_soon();
  CHECK(client.succeeded());
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: the banner comes before authentication") {
  server->banner = "Welcome.\r\n";
  TestClient client(start());
  REQUIRE(client.connect());
  CHECK(client.userauth().request_password("secret"));
  client.connection->flush_soon();
  const auto first = client.next_event();
  REQUIRE(first);
  REQUIRE(std::holds_alternative<auth::BannerReceived>(*first));
  CHECK(std::get<auth::BannerReceived>(*first).text.starts_with("Welcome."));
  CHECK(client.succeeded());
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: an exception from a hook is a denial, and is logged") {
  server->throwing = "check_auth_password";
  TestClient client(start());
  CHECK_FALSE(client.login());
  REQUIRE(log->errors().size() == 1);
  CHECK(log->errors()[0].find("check_auth_password: broken") != std::string::npos);
}

TEST_CASE_FIXTURE(ServerFixture, "[CVE-2016-6210] ssh server: a failed attempt is answered after auth_failure_delay") {
  options.auth_failure_delay = std::chrono::milliseconds(50);
  TestClient client(start());
  REQUIRE(client.connect());
  const auto before = std::chrono::steady_clock::now();
  CHECK(client.userauth().request_password("wrong"));
  client.connection->flush_soon();
  CHECK_FALSE(client.succeeded());
  CHECK(std::chrono::steady_clock::now() - before >= options.auth_failure_delay);
}

TEST_CASE_FIXTURE(ServerFixture, "[defect 31] ssh server: too many failed attempts end the connection") {
  options.session.userauth.attempt_limit = 2;
  TestClient client(start());
  REQUIRE(client.connect());
  for (int i = 0; i != 2; ++i) {
    CHECK(client.userauth().request_password("wrong"));
    client.connection->flush_soon();
    CHECK_FALSE(client.succeeded());
    CHECK_FALSE(client.ended);
  }
  CHECK(client.userauth().request_password("secret"));
  client.connection->flush_soon();
  CHECK_FALSE(client.succeeded());
  CHECK(client.ended);
}

TEST_CASE_FIXTURE(ServerFixture,
                  "[CVE-2024-6387, defect 31] ssh server: a client that does not sign in in time is cut off") {
  options.session.login_time = std::chrono::seconds(1);
  TestClient client(start());
  REQUIRE(client.connect());
  CHECK(client.wait_end().code() != Errc::ok);
  CHECK(eventually([&] { return manager->get_connection_count() == 0; }));
}

TEST_CASE(
    "[CVE-2018-7749, CVE-2025-32433, CVE-2026-67279, defect 29] ssh server: messages of the connection protocol before "
    "authentication end the connection, behind a rekey too") {
  const ByteVector command = wire::encode(channel::ExecRequest{.command = "id"});
  for (const ByteVector& message : {wire::encode(channel::ChannelOpen{"session", 0, 0x10000, 0x8000, {}}),
                                    wire::encode(channel::ChannelRequest{0, "exec", true, wire::Rest{command}}),
                                    wire::encode(channel::GlobalRequest{"yes@example.com", true, {}})}) {
    for (const bool rekeyed : {false, true}) {
      const int number = message[0];
      CAPTURE(number);
      CAPTURE(rekeyed);
      ServerFixture fixture;
      TestClient client(fixture.start());
      REQUIRE(client.connect());
      transport::Transport& transport = client.connection->session().transport();
      if (rekeyed) transport.rekey();  // what is sent next waits for the new keys
      send_payload(transport, message);
      client.connection->flush_soon();
      (void)client.wait_end();  // which of the two sides' reasons it is depends on who closes first
      CHECK(transport.stats().key_exchanges == (rekeyed ? 2 : 1));
      CHECK(fixture.eventually([&] { return fixture.server->called("connection closed"); }));
      for (const char* hook : {"open session", "exec id", "global yes@example.com"}) {
        CHECK_FALSE(fixture.server->called(hook));
      }
    }
  }
}

}  // namespace hawser::test
