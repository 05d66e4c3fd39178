// The lists of keys and passwords.
#include <unistd.h>

#include <fstream>

#include "hawser/server/authenticators.h"
#include "hawser/server/base_sftp_server.h"
#include "hawser/server/hashed_passwords.h"
#include "hawser/server/memory_file_system.h"
#include "ssh_fixture.h"

namespace hawser::test {

using namespace std::string_view_literals;

namespace {

bool password_is_right(server::Authenticator& passwords, const std::string& user, std::string_view password) {
  static asio::io_context io;  // outlives the threads of HashedPasswords
  const crypto::SecretBytes secret(as_bytes(password));
  return run(io, passwords.check_password({user}, secret)) == AuthResult::successful;
}

bool key_is_right(server::AuthorizedKeys& keys, const std::string& user, const crypto::PrivateKey& key,
                  const std::string& address = "10.0.0.1:50022") {
  asio::io_context io;
  return run(io, keys.check_public_key({user, address}, key.public_key())) == AuthResult::successful;
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
  for (const char* text : {"no colon here", ":nobody", "twice:a\ntwice:b", "a:b\nc:$argon2id$v=19$m=64,t=1,p=1$x$y"}) {
    const auto passwords = server::Passwords::from_text(text);
    REQUIRE_FALSE(passwords);
    CHECK(passwords.error().code() == Errc::bad_value);
  }
  CHECK(server::Passwords::load("/no/such/file").error().code() == Errc::file_error);
}

TEST_CASE("hashed passwords: the right one of the right user, and nothing else") {
  const auto random = crypto::system_random();
  const auto line = [&](const std::string& user, std::string_view password) {
    return user + ":" + crypto::PasswordHash::make(as_bytes(password), *random, {64, 1, 1}).text() + "\n";
  };
  const auto passwords =
      server::HashedPasswords::from_text("# users\n" + line("alice", "wonder:land") + line("bob", "builder"));
  REQUIRE(passwords);
  CHECK((*passwords)->size() == 2);
  CHECK((*passwords)->methods() == std::vector<std::string>{"password"});
  CHECK(password_is_right(**passwords, "alice", "wonder:land"));
  CHECK(password_is_right(**passwords, "bob", "builder"));
  CHECK_FALSE(password_is_right(**passwords, "bob", "wonder:land"));
  CHECK_FALSE(password_is_right(**passwords, "bob", ""));
  CHECK_FALSE(password_is_right(**passwords, "carol", "builder"));
  CHECK_FALSE(password_is_right(**passwords, "", ""));

  for (const std::string& text : {std::string("plain:text"), line("twice", "a") + line("twice", "b"),
                                  line("", "nobody"), std::string("no colon")}) {
    CHECK(server::HashedPasswords::from_text(text).error().code() == Errc::bad_value);
  }
  CHECK(server::HashedPasswords::load("/no/such/file").error().code() == Errc::file_error);
}

TEST_CASE(
    "[CVE-2026-46595, CVE-2026-56854, long-lines] authorized keys: plain lines count, lines with options that cannot "
    "be "
    "enforced are skipped with a warning") {
  const std::string text = "# comment\n\n" + ed25519_key().public_key().text("me@here") + "\r\n" +
                           "command=\"/bin/echo \\\"a, b\\\"\",no-pty " + rsa_key().public_key().text() + "\n" + "  " +
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

TEST_CASE("[CVE-2026-46595, CVE-2026-56854] authorized keys: `from` and `expiry-time` decide who may sign in") {
  const std::string text = "from=\"10.0.0.0/8,!10.9.0.0/16\" " + ed25519_key().public_key().text() + "\n" +
                           "expiry-time=\"20200101Z\" " + ecdsa_key().public_key().text() + "\n" +
                           "restrict,expiry-time=\"99981231Z\"\t" + rsa_key().public_key().text("me") + "\n";
  const auto keys = server::AuthorizedKeys::from_text(text);
  CHECK(keys->size() == 3);
  CHECK(keys->warnings().empty());
  CHECK(key_is_right(*keys, "me", ed25519_key(), "10.1.2.3:50022"));
  CHECK(key_is_right(*keys, "me", ed25519_key(), "[::ffff:10.1.2.3]:50022"));
  for (const char* address : {"10.9.0.1:50022", "192.0.2.1:50022", "[2001:db8::1]:50022", "unix:/run/sftp", ""}) {
    CAPTURE(address);
    CHECK_FALSE(key_is_right(*keys, "me", ed25519_key(), address));
  }
  CHECK_FALSE(key_is_right(*keys, "me", ecdsa_key()));
  CHECK(key_is_right(*keys, "me", rsa_key()));
}

TEST_CASE("[CVE-2026-46595] authorized keys: what a key may have is told, of the first line that lets the client in") {
  const std::string key = ed25519_key().public_key().text();
  const auto keys = server::AuthorizedKeys::from_text("from=\"10.0.0.1\" " + key + "\nrestrict,pty " + key + "\n");
  const server::KeyOptions* near = keys->find({"me", "10.0.0.1:1"}, ed25519_key().public_key());
  const server::KeyOptions* far = keys->find({"me", "10.0.0.2:1"}, ed25519_key().public_key());
  REQUIRE(near != nullptr);
  CHECK(near->port_forwarding);
  REQUIRE(far != nullptr);
  CHECK(far->pty);
  CHECK_FALSE(far->port_forwarding);
  CHECK(keys->find({"me", "10.0.0.1:1"}, rsa_key().public_key()) == nullptr);
}

TEST_CASE("[CVE-2026-46595] authorized keys: a server asks with the address that a client comes from") {
  for (const bool from_here : {true, false}) {
    CAPTURE(from_here);
    const std::string line = std::string(from_here ? "from=\"127.0.0.0/8\" " : "from=\"!127.0.0.1,*\" ") +
                             other_ed25519_key().public_key().text() + "\n";
    server::BaseSFTPServerOptions options;
    options.listen = test_options();
    options.file_system = std::make_shared<server::MemoryFileSystem>();
    options.authenticators = {server::AuthorizedKeys::from_text(line)};
    server::BaseSFTPServer server(options);
    REQUIRE(server.start());
    TestClient client(server.port());
    REQUIRE(client.connect());
    REQUIRE(client.userauth().request_public_key(other_ed25519_key(), signature_row("ssh-ed25519")));
    client.connection->flush_soon();
    CHECK(client.succeeded() == from_here);
  }
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

TEST_CASE("passwords: of a map, an empty one is nobody's") {
  const auto passwords = server::Passwords::from_map({{"alice", "wonderland"}, {"bob", ""}});
  CHECK(password_is_right(*passwords, "alice", "wonderland"));
  CHECK_FALSE(password_is_right(*passwords, "alice", ""));
  CHECK_FALSE(password_is_right(*passwords, "bob", ""));
}

TEST_CASE("authenticators: functions are asked with what the client sent, for their own method only") {
  asio::io_context io;
  const auto passwords = server::password_authenticator(
      [](std::string_view user, std::string_view password) { return user == "alice" && password == "x\0y"sv; });
  CHECK(passwords->methods() == std::vector<std::string>{"password"});
  CHECK(run(io, passwords->check_password({"alice"}, crypto::SecretBytes(as_bytes("x\0y"sv)))) ==
        AuthResult::successful);
  CHECK(run(io, passwords->check_password({"alice"}, crypto::SecretBytes(as_bytes("x"sv)))) == AuthResult::failed);
  CHECK(run(io, passwords->check_public_key({"alice"}, ed25519_key().public_key())) == AuthResult::failed);

  const auto keys = server::public_key_authenticator([](std::string_view user, const crypto::PublicKey& key) {
    return user == "alice" && key == ed25519_key().public_key();
  });
  CHECK(keys->methods() == std::vector<std::string>{"publickey"});
  CHECK(run(io, keys->check_public_key({"alice"}, ed25519_key().public_key())) == AuthResult::successful);
  CHECK(run(io, keys->check_public_key({"bob"}, ed25519_key().public_key())) == AuthResult::failed);
  CHECK(run(io, keys->check_password({"alice"}, crypto::SecretBytes(as_bytes("x\0y"sv)))) == AuthResult::failed);
}

}  // namespace hawser::test
