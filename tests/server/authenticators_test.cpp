// The lists of keys and passwords, and the server that is made of them.
#include <unistd.h>

#include <fstream>

#include "hawser/server/authenticators.h"
#include "hawser/server/base_sftp_server.h"
#include "hawser/server/local_file_system.h"
#include "ssh_fixture.h"

namespace hawser::test {

namespace {

bool password_is_right(server::Passwords& passwords, const std::string& user, std::string_view password) {
  asio::io_context io;
  const crypto::SecretBytes secret(as_bytes(password));
  return run(io, passwords.check_password(user, secret)) == AuthResult::successful;
}

bool key_is_right(server::AuthorizedKeys& keys, const std::string& user, const crypto::PrivateKey& key) {
  asio::io_context io;
  return run(io, keys.check_public_key(user, key.public_key())) == AuthResult::successful;
}

server::BaseSFTPServerOptions base_options() {
  server::BaseSFTPServerOptions options;
  options.listen = test_options();
  options.file_system = *server::LocalFileSystem::open("/");
  options.authenticators = {*server::Passwords::from_text("user:secret"),
                            server::AuthorizedKeys::from_text(ed25519_key().public_key().text())};
  return options;
}

}  // namespace

TEST_CASE("passwords: the right one of the right user, and nothing else") {
  const auto passwords = server::Passwords::from_text("# users\nalice:wonder:land\r\n\nbob:builder\nempty:\n");
  REQUIRE(passwords);
  CHECK((*passwords)->size() == 3);
  CHECK(password_is_right(**passwords, "alice", "wonder:land"));
  CHECK(password_is_right(**passwords, "bob", "builder"));
  CHECK_FALSE(password_is_right(**passwords, "bob", "wonder:land"));
  CHECK_FALSE(password_is_right(**passwords, "bob", "builder "));
  CHECK_FALSE(password_is_right(**passwords, "bob", ""));
  CHECK_FALSE(password_is_right(**passwords, "empty", ""));
  CHECK_FALSE(password_is_right(**passwords, "carol", ""));
  CHECK_FALSE(password_is_right(**passwords, "carol", "builder"));
}

TEST_CASE("passwords: a file that is not clear is refused") {
  for (const char* text : {"no colon here", ":nobody", "twice:a\ntwice:b"}) {
    const auto passwords = server::Passwords::from_text(text);
    REQUIRE_FALSE(passwords);
    CHECK(passwords.error().code() == Errc::bad_value);
  }
  CHECK(server::Passwords::load("/no/such/file").error().code() == Errc::file_error);
}

TEST_CASE("authorized keys: plain lines count, lines with options are skipped with a warning") {
  const std::string text = "# comment\n\n" + ed25519_key().public_key().text("me@here") + "\r\n" +
                           "from=\"10.0.0.1\" " + rsa_key().public_key().text() + "\n" + "  " +
                           ecdsa_key().public_key().text() + "\n" + "ssh-ed25519 not-base64 x\n";
  const auto keys = server::AuthorizedKeys::from_text(text);
  CHECK(keys->size() == 2);
  CHECK(key_is_right(*keys, "anybody", ed25519_key()));
  CHECK(key_is_right(*keys, "anybody", ecdsa_key()));
  CHECK_FALSE(key_is_right(*keys, "anybody", rsa_key()));
  CHECK_FALSE(key_is_right(*keys, "anybody", other_ed25519_key()));
  REQUIRE(keys->warnings().size() == 2);
  CHECK(keys->warnings()[0].starts_with("line 4 "));
  CHECK(keys->warnings()[0].find("options") != std::string::npos);
  CHECK(keys->warnings()[1].starts_with("line 6 "));
}

TEST_CASE("authorized keys: with a user named, nobody else may use them") {
  const auto keys = server::AuthorizedKeys::from_text(ed25519_key().public_key().text(), "alice");
  CHECK(key_is_right(*keys, "alice", ed25519_key()));
  CHECK_FALSE(key_is_right(*keys, "bob", ed25519_key()));
}

TEST_CASE("authorized keys: a file that cannot be read is an error") {
  CHECK(server::AuthorizedKeys::load("/no/such/file").error().code() == Errc::file_error);
  CHECK(server::AuthorizedKeys::load("/").error().code() == Errc::file_error);
}

TEST_CASE("base sftp server: it needs a file system and somebody who may sign in") {
  server::BaseSFTPServerOptions options = base_options();
  SUBCASE("no file system") { options.file_system = nullptr; }
  SUBCASE("no authenticator") { options.authenticators.clear(); }
  SUBCASE("no host key") { options.listen.host_keys.clear(); }
  server::BaseSFTPServer server(options);
  const Result<void> started = server.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().code() == Errc::invalid_argument);
}

TEST_CASE("base sftp server: unknown names in the request lists are refused") {
  server::BaseSFTPServerOptions options = base_options();
  options.sftp.denied_requests = {"delete"};
  server::BaseSFTPServer server(options);
  CHECK(server.start().error().code() == Errc::not_found);
}

TEST_CASE("base sftp server: password and key sign in, and sftp is served") {
  server::BaseSFTPServer server(base_options());
  REQUIRE(server.start());
  {
    TestClient client(server.port());
    CHECK_FALSE(client.login("wrong"));
    CHECK(client.failure.methods_that_can_continue == std::vector<std::string>{"password", "publickey"});
  }
  {
    TestClient client(server.port());
    REQUIRE(client.connect());
    CHECK(client.userauth().request_public_key(ed25519_key(), signature_row("ssh-ed25519")));
    client.connection->flush_soon();
    CHECK(client.succeeded());
  }
  TestClient client(server.port());
  REQUIRE(client.login());
  const auto opened = client.open();
  REQUIRE(opened);
  CHECK(client.ask(**opened, "subsystem", wire::encode(channel::SubsystemRequest{.subsystem_name = "sftp"})));
  CHECK_FALSE(client.ask(**opened, "shell"));
}

TEST_CASE("base sftp server: anybody may sign in only where that was asked for") {
  server::BaseSFTPServerOptions options = base_options();
  options.allow_unauthenticated = true;
  options.authenticators.clear();
  server::BaseSFTPServer server(options);
  REQUIRE(server.start());
  TestClient client(server.port());
  REQUIRE(client.connect());
  CHECK(client.userauth().request_none());
  client.connection->flush_soon();
  CHECK(client.succeeded());
}

}  // namespace hawser::test
