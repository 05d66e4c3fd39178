#include <doctest/doctest.h>

#include "support/test_keys.h"
#include "support/userauth_peer.h"

using namespace hawser;
using namespace hawser::auth;
using namespace hawser::test;

TEST_CASE("userauth: none, then a key query, then the signed request: the path of most clients") {
  UserauthPair pair;
  pair.server.send_banner("Welcome.\r\n");
  pair.client.start();
  REQUIRE(pair.client.request_none());
  pair.run();
  pair.told<ServiceAccepted>();
  CHECK(pair.told<BannerReceived>().text == "Welcome.\n");
  CHECK(pair.asked().method == "none");
  pair.answer(AuthResult::failed, {"publickey"});
  CHECK(pair.told<AuthFailed>().methods_that_can_continue == std::vector<std::string>{"publickey"});

  REQUIRE(pair.client.query_public_key(ed25519_key().public_key(), ed25519()));
  pair.run();
  CHECK(std::holds_alternative<PublicKeyQuery>(pair.asked().request));
  pair.answer(AuthResult::successful);
  pair.told<PublicKeyAccepted>();

  REQUIRE(pair.client.request_public_key(ed25519_key(), ed25519()));
  pair.run();
  CHECK(std::get<PublicKeySigned>(pair.asked().request).key == ed25519_key().public_key());
  pair.answer(AuthResult::successful);
  pair.told<ClientAuthenticated>();
  CHECK(pair.client.take_authenticated()->user() == "user");
  CHECK(pair.server.take_authenticated()->user() == "user");
}

TEST_CASE("userauth: a chain of three methods by partial success (RFC 4252 §5.1)") {
  UserauthPair pair;
  pair.client.start();
  REQUIRE(pair.client.request_public_key(ed25519_key(), ed25519()));
  pair.run();
  pair.told<ServiceAccepted>();
  CHECK(pair.asked().partial_successes.empty());
  pair.answer(AuthResult::partial, {"publickey", "password"});
  CHECK(pair.told<AuthFailed>().partial_success);

  REQUIRE(pair.client.request_public_key(other_ed25519_key(), ed25519()));
  pair.run();
  CHECK(pair.asked().partial_successes == std::vector<std::string>{"publickey"});
  pair.answer(AuthResult::partial, {"password"});
  CHECK(pair.told<AuthFailed>().methods_that_can_continue == std::vector<std::string>{"password"});

  REQUIRE(pair.client.request_password("secret"));
  pair.run();
  CHECK(pair.asked().partial_successes == std::vector<std::string>{"publickey", "publickey"});
  pair.answer(AuthResult::successful);
  pair.told<ClientAuthenticated>();
  CHECK(pair.server.failed_attempts() == 0);
}

TEST_CASE("userauth: an expired password is changed on the way in (RFC 4252 §8)") {
  UserauthPair pair;
  pair.client.start();
  REQUIRE(pair.client.request_password("old"));
  pair.run();
  pair.told<ServiceAccepted>();
  pair.asked();
  REQUIRE(pair.server.ask_for_new_password("New password:"));
  pair.run();
  CHECK(pair.told<PasswordChangeRequested>().prompt == "New password:");
  REQUIRE(pair.client.request_password_change("old", "new"));
  pair.run();
  CHECK(as_text(std::get<PasswordRequest>(pair.asked().request).new_password->view()) == "new");
  pair.answer(AuthResult::successful);
  pair.told<ClientAuthenticated>();
}
