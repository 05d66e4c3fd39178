#include <doctest/doctest.h>

#include <algorithm>

#include "client/client_fixture.h"

using namespace hawser;
using namespace hawser::client;
using test::ClientRig;
using test::run;

namespace {

std::size_t count_of(const test::ScriptedServer& server, const std::string& call) {
  const std::vector<std::string> calls = server.calls();
  return static_cast<std::size_t>(std::ranges::count(calls, call));
}

}  // namespace

TEST_CASE("[CVE-2026-94423] client: connecting without a host key verifier is refused before anything is sent") {
  ClientRig rig;
  ClientOptions options = rig.options();
  options.host_keys = nullptr;
  const ConnectResult client = rig.connect(std::move(options));
  REQUIRE_FALSE(client);
  CHECK(client.error().error.code() == Errc::invalid_argument);
  CHECK(rig.manager->get_connection_stats().total_connections == 0);
}

TEST_CASE("client: a host key that is not the pinned one ends the connection before any credential is sent") {
  ClientRig rig;
  ClientOptions options = rig.options();
  options.credentials = {Password("secret")};
  options.host_keys = pinned_host_keys({test::other_ed25519_key().public_key()});
  const ConnectResult client = rig.connect(std::move(options));
  REQUIRE_FALSE(client);
  CHECK(client.error().stage == ConnectFailure::Stage::host_key);
  CHECK(client.error().error.code() == Errc::host_key_rejected);
  CHECK_FALSE(client.error().transient());
  CHECK(count_of(*rig.server, "password user") == 0);
}

TEST_CASE("client: signs in with a password, and with a key of each type") {
  ClientRig rig;
  CHECK(rig.login()->alive());
  for (const crypto::PrivateKey* key : {&test::ed25519_key(), &test::ecdsa_key(), &test::rsa_key()}) {
    CAPTURE(key->public_key().blob_type());
    rig.server->key = key->public_key();
    ClientOptions options = rig.options();
    options.credentials = {ClientRig::key(*key)};
    const ConnectResult client = rig.connect(std::move(options));
    CHECK_MESSAGE(client, (client ? std::string() : client.error().message()));
  }
  // Few keys are signed with at once: no query came before.
  CHECK(count_of(*rig.server, "query user") == 0);
}

TEST_CASE("client: with many keys the server is asked first, and only the accepted one signs") {
  ClientRig rig;
  ClientOptions options = rig.options();
  options.credentials = {ClientRig::key(test::other_ed25519_key()), ClientRig::key(test::ecdsa_key()),
                         ClientRig::key(test::rsa_key()), ClientRig::key(test::ed25519_key())};
  REQUIRE(rig.connect(std::move(options)));
  CHECK(count_of(*rig.server, "query user") == 4);
  CHECK(count_of(*rig.server, "signature user") == 1);
}

TEST_CASE("[CVE-2026-59849] client: each key is tried once, however often it is given") {
  ClientRig rig;
  ClientOptions options = rig.options();
  const Key wrong = ClientRig::key(test::ecdsa_key());
  options.credentials = {wrong, wrong, wrong};
  const ConnectResult client = rig.connect(std::move(options));
  REQUIRE_FALSE(client);
  CHECK(client.error().error.code() == Errc::authentication_failed);
  CHECK(count_of(*rig.server, "signature user") == 1);
}

TEST_CASE("[CVE-2026-59849] client: a callback that never gives up is ended") {
  ClientRig rig;
  ClientOptions options = rig.options();
  std::size_t asked = 0;
  options.credentials = {
      AskCredential([&asked](std::vector<std::string>) -> Awaitable<std::optional<std::variant<Password, Key>>> {
        ++asked;
        co_return Password("wrong");
      })};
  const ConnectResult client = rig.connect(std::move(options));
  REQUIRE_FALSE(client);
  CHECK(client.error().stage == ConnectFailure::Stage::authentication);
  CHECK(asked <= 20);
}

TEST_CASE("client: partial success goes on with the next method (RFC 4252 §5.1)") {
  ClientRig rig;
  rig.server->key_is_partial = true;
  ClientOptions options = rig.options();
  options.credentials = {ClientRig::key(test::ed25519_key()), Password("secret")};
  CHECK(rig.connect(std::move(options)));
}

TEST_CASE("client: a method that the server does not take is passed over") {
  ClientRig rig;
  rig.server->methods = {"publickey"};
  ClientOptions options = rig.options();
  options.credentials = {ClientRig::key(test::ecdsa_key()), Password("secret"), ClientRig::key(test::ed25519_key())};
  CHECK(rig.connect(std::move(options)));
  CHECK(count_of(*rig.server, "password user") == 0);
}

TEST_CASE("[SFTP-023] client: a failed login says why, and what the server would take; it is not worth repeating") {
  ClientRig rig;
  ClientOptions options = rig.options();
  options.credentials = {Password("wrong")};
  const ConnectResult client = rig.connect(std::move(options));
  REQUIRE_FALSE(client);
  CHECK(client.error().stage == ConnectFailure::Stage::authentication);
  CHECK(client.error().error.code() == Errc::authentication_failed);
  CHECK(client.error().methods == std::vector<std::string>{"password", "publickey"});
  CHECK_FALSE(client.error().transient());
  CHECK(client.error().message().find("publickey") != std::string::npos);
}

TEST_CASE("client: no common algorithm says which lists do not meet") {
  ClientRig rig;
  ClientOptions options = rig.options();
  options.session.transport.algorithms.cipher = {"aes128-ctr"};
  options.session.transport.algorithms.mac = {"hmac-sha2-256"};
  server::SSHServerOptions strict = test::test_options();
  strict.session.transport.algorithms.cipher = {"aes256-gcm@openssh.com"};
  ClientRig other(std::move(strict));
  options.port = other.manager->port();
  const ConnectResult client = other.connect(std::move(options));
  REQUIRE_FALSE(client);
  CHECK(client.error().stage == ConnectFailure::Stage::key_exchange);
  CHECK(client.error().error.code() == Errc::no_common_cipher);
  CHECK(client.error().detail.find("aes256-gcm@openssh.com") != std::string::npos);
  CHECK_FALSE(client.error().transient());
}

TEST_CASE("client: a refused port and an unknown host are told apart; the first may pass") {
  ClientRig rig;
  ClientOptions options = rig.options();
  rig.manager->stop();
  const ConnectResult refused = rig.connect(std::move(options));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().stage == ConnectFailure::Stage::connect);
  CHECK(refused.error().error.code() == Errc::connect_failed);
  CHECK(refused.error().transient());
}

TEST_CASE("client: a server that says nothing is given up at the timeout") {
  asio::io_context io;
  asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
  ClientOptions options;
  options.host = "127.0.0.1";
  options.port = silent.local_endpoint().port();
  options.host_keys = pinned_host_keys({});
  options.timeout = std::chrono::milliseconds(1000);
  const ConnectResult client = run(io, Client::connect(std::move(options)));
  REQUIRE_FALSE(client);
  CHECK(client.error().error.code() == Errc::login_timeout);
  CHECK(client.error().transient());
}

TEST_CASE("client: a server without sftp is told apart") {
  ClientRig rig;
  rig.server->files = nullptr;
  const auto client = rig.login();
  CHECK(run(rig.io, client->open_sftp()).error().code() == Errc::request_refused);
  CHECK(client->alive());
}

TEST_CASE("client: disconnect fails what is under way, and nothing crashes afterwards") {
  ClientRig rig;
  auto client = rig.login();
  auto sftp = run(rig.io, client->open_sftp());
  REQUIRE(sftp);
  auto file = run(rig.io, (*sftp)->open("/f", sftp::open_flags::write | sftp::open_flags::create));
  REQUIRE(file);
  client->disconnect();
  CHECK_FALSE(client->alive());
  CHECK_FALSE(run(rig.io, (*sftp)->stat("/f")));
  CHECK_FALSE(run(rig.io, client->open_sftp()));
  CHECK_FALSE(run(rig.io, file->close()));
}

TEST_CASE("client: the banner is shown, escaped (RFC 4252 §5.4)") {
  ClientRig rig;
  rig.server->banner = "hello\x07\n";
  ClientOptions options = rig.options();
  options.credentials = {Password("secret")};
  std::string shown;
  options.on_banner = [&shown](std::string_view text) { shown += text; };
  REQUIRE(rig.connect(std::move(options)));
  CHECK(shown.starts_with("hello\\x07"));
}
