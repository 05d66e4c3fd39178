// A password that is right but must be changed (RFC 4252 §8).
#include "auth_fixture.h"

namespace hawser::test {

namespace {

using Calls = std::vector<std::string>;

struct ExpiredFixture : AuthFixture {
  ExpiredFixture() { server->change_prompt = "Your password has expired. New password:"; }
};

bool try_password(AuthClient& client, const char* password) {
  REQUIRE(client.userauth().request_password(password));
  return client.outcome();
}

bool change_password(AuthClient& client) {
  REQUIRE(client.userauth().request_password_change("old", "new"));
  return client.outcome();
}

}  // namespace

TEST_CASE_FIXTURE(ExpiredFixture,
                  "[hook get_password_change_prompt] password change: a right password that has expired is answered by "
                  "PASSWD_CHANGEREQ, and the new one lets in (RFC 4252 §8)") {
  AuthClient client(start());
  REQUIRE(client.connect());
  CHECK_FALSE(try_password(client, "old"));
  CHECK(client.change_prompts == Calls{"Your password has expired. New password:"});
  CHECK(change_password(client));
  CHECK(server->calls() == Calls{"get_banner(before)", "get_allowed_auths(user)", "check_auth_password(user old)",
                                 "get_password_change_prompt(user)", "check_auth_password_change(user old new)",
                                 "on_authentication_successful(user password)"});
}

TEST_CASE_FIXTURE(ExpiredFixture,
                  "[hook get_password_change_prompt] password change: without it the old password never lets in, "
                  "however often it is sent") {
  AuthClient client(start());
  REQUIRE(client.connect());
  for (int i = 0; i < 3; ++i) CHECK_FALSE(try_password(client, "old"));
  CHECK(client.change_prompts.size() == 3);
  CHECK_FALSE(client.ended);
  CHECK_FALSE(server->called("on_authentication_successful(user password)"));
}

TEST_CASE_FIXTURE(ExpiredFixture,
                  "[hook get_password_change_prompt] password change: a wrong password learns nothing of the change") {
  server->results["password"] = AuthResult::failed;
  AuthClient client(start());
  REQUIRE(client.connect());
  CHECK_FALSE(try_password(client, "wrong"));
  CHECK_FALSE(change_password(client));
  CHECK(client.change_prompts.empty());
  CHECK_FALSE(server->called("get_password_change_prompt(user)"));
  CHECK(server->called("on_authentication_failed(user password)"));
}

TEST_CASE_FIXTURE(
    ExpiredFixture,
    "[hook get_password_change_prompt] password change: in a chain the new password is a partial success") {
  server->results["password"] = AuthResult::partial;
  AuthClient client(start());
  REQUIRE(client.connect());
  CHECK_FALSE(try_password(client, "old"));
  CHECK(client.change_prompts.size() == 1);
  CHECK_FALSE(change_password(client));
  CHECK(client.failure.partial_success);
}

TEST_CASE_FIXTURE(
    ExpiredFixture,
    "[hook get_password_change_prompt] password change: the prompt of one attempt is not that of the next") {
  AuthClient client(start());
  REQUIRE(client.connect());
  CHECK_FALSE(try_password(client, "old"));
  REQUIRE(client.userauth().request_public_key(other_ed25519_key(), signature_row("ssh-ed25519")));
  CHECK(client.outcome());
  CHECK(client.change_prompts.size() == 1);
}

TEST_CASE_FIXTURE(
    AuthFixture,
    "[hook get_password_change_prompt] password change: an exception from the hook denies, and is logged") {
  server->throwing = "get_password_change_prompt";
  AuthClient client(start());
  REQUIRE(client.connect());
  CHECK_FALSE(try_password(client, "old"));
  CHECK(client.change_prompts.empty());
  CHECK(server->called("on_authentication_failed(user password)"));
  REQUIRE(log->errors().size() == 1);
  CHECK(log->errors()[0].find("get_password_change_prompt: broken") != std::string::npos);
}

}  // namespace hawser::test
