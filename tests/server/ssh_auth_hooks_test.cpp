// Each hook of authentication: called at its moment, with the right arguments, for this connection; the default denies,
// an override allows, and an exception denies and is logged (contract: hooks of authentication; defects 29 to 33).
#include "auth_fixture.h"

namespace hawser::test {

namespace {

using Calls = std::vector<std::string>;

std::string fingerprint() { return other_ed25519_key().public_key().fingerprint(); }

struct Row {
  const char* hook;
  const char* method;
  void (*ask)(auth::UserauthClient&);
  std::string call;
};

std::vector<Row> rows() {
  return {
      {"check_auth_password", "password", [](auth::UserauthClient& c) { REQUIRE(c.request_password("secret")); },
       "check_auth_password(user secret)"},
      {"check_auth_password_change", "password",
       [](auth::UserauthClient& c) { REQUIRE(c.request_password_change("old", "new")); },
       "check_auth_password_change(user old new)"},
      {"check_auth_publickey", "publickey",
       [](auth::UserauthClient& c) { REQUIRE(c.request_public_key(other_ed25519_key(), ed25519())); },
       "check_auth_publickey signature(user " + fingerprint() + ")"},
      {"check_auth_keyboard_interactive", "keyboard-interactive",
       [](auth::UserauthClient& c) { REQUIRE(c.request_keyboard_interactive("pam,otp")); },
       "check_auth_keyboard_interactive(user pam,otp)"},
      {"check_auth_gssapi_with_mic", "gssapi-with-mic",
       [](auth::UserauthClient& c) { REQUIRE(c.request_gssapi_with_mic(std::make_shared<TestGssClient>())); },
       "check_auth_gssapi_with_mic(user joe@EXAMPLE.ORG)"},
  };
}

}  // namespace

TEST_CASE(
    "[CVE-2026-123158, CVE-2026-39835, hook check_auth_password, hook check_auth_password_change, hook "
    "check_auth_publickey, hook check_auth_keyboard_interactive, hook check_auth_gssapi_with_mic, hook "
    "on_authentication_failed] authentication hooks: by default every check denies, and the failure is told before the "
    "client is") {
  for (const Row& row : rows()) {
    CAPTURE(row.hook);
    AuthFixture fixture;
    fixture.server->mode = HookMode::base;
    AuthClient client(fixture.start());
    REQUIRE(client.connect());
    row.ask(client.userauth());
    CHECK_FALSE(client.outcome());
    CHECK(client.failure.methods_that_can_continue == fixture.server->methods);
    CHECK(fixture.server->calls() == Calls{"get_banner(before)", "get_allowed_auths(user)", row.call,
                                           "get_allowed_auths(user)",
                                           "on_authentication_failed(user " + std::string(row.method) + ")"});
    CHECK(fixture.log->errors().empty());
  }
}

TEST_CASE(
    "[defect 30, hook on_authentication_successful] authentication hooks: a check that allows lets in, and success is "
    "told before the client is") {
  for (const Row& row : rows()) {
    CAPTURE(row.hook);
    AuthFixture fixture;
    AuthClient client(fixture.start());
    REQUIRE(client.connect());
    row.ask(client.userauth());
    CHECK(client.outcome());
    CHECK(fixture.server->calls() == Calls{"get_banner(before)", "get_allowed_auths(user)", row.call,
                                           "on_authentication_successful(user " + std::string(row.method) + ")"});
  }
}

TEST_CASE("[CVE-2026-123158] authentication hooks: a check that throws denies, and is logged by its name") {
  for (const Row& row : rows()) {
    CAPTURE(row.hook);
    AuthFixture fixture;
    fixture.server->mode = HookMode::throws;
    AuthClient client(fixture.start());
    REQUIRE(client.connect());
    row.ask(client.userauth());
    CHECK_FALSE(client.outcome());
    CHECK_FALSE(client.ended);
    CHECK(fixture.server->called("on_authentication_failed(user " + std::string(row.method) + ")"));
    REQUIRE(fixture.log->errors().size() == 1);
    CHECK(fixture.log->errors()[0].find(std::string(row.hook) + ": broken") != std::string::npos);
  }
}

TEST_CASE(
    "[hook check_auth_none] authentication hooks: check_auth_none is asked where none is listed, and denies by "
    "default") {
  for (const HookMode mode : {HookMode::base, HookMode::deny, HookMode::throws, HookMode::allow}) {
    AuthFixture fixture;
    fixture.server->mode = mode;
    fixture.server->methods = {"none"};
    fixture.options.allow_unauthenticated = true;
    AuthClient client(fixture.start());
    REQUIRE(client.connect());
    REQUIRE(client.userauth().request_none());
    CHECK(client.outcome() == (mode == HookMode::allow));
    CHECK(fixture.server->called("check_auth_none(user)"));
    CHECK(fixture.server->called(mode == HookMode::allow ? "on_authentication_successful(user none)"
                                                         : "on_authentication_failed(user none)"));
    CHECK(fixture.log->errors().size() == (mode == HookMode::throws ? 1 : 0));
  }
}

TEST_CASE("[defect 30] authentication hooks: a key query is answered by the check itself, not by its opposite") {
  for (const bool accepted : {true, false}) {
    AuthFixture fixture;
    fixture.server->mode = accepted ? HookMode::allow : HookMode::deny;
    AuthClient client(fixture.start());
    REQUIRE(client.connect());
    REQUIRE(client.userauth().query_public_key(other_ed25519_key().public_key(), ed25519()));
    client.connection->flush_soon();
    const auto event = client.next_event();
    REQUIRE(event);
    CHECK(std::holds_alternative<auth::PublicKeyAccepted>(*event) == accepted);
    CHECK(std::holds_alternative<auth::AuthFailed>(*event) != accepted);
    CHECK(fixture.server->called("check_auth_publickey query(user " + fingerprint() + ")"));
    // A query signs nobody in.
    CHECK_FALSE(fixture.server->called("on_authentication_successful(user publickey)"));
    CHECK_FALSE(client.connection->session().authenticated());
  }
}

TEST_CASE("[hook get_banner] authentication hooks: get_banner comes first, and an exception from it is no banner") {
  AuthFixture fixture;
  fixture.server->banner = "Welcome.\r\n";
  AuthClient client(fixture.start());
  REQUIRE(client.connect());
  REQUIRE(client.userauth().request_password("secret"));
  CHECK(client.outcome());
  CHECK(client.banners == Calls{"Welcome.\n"});
  CHECK(fixture.server->calls().front() == "get_banner(before)");

  AuthFixture broken;
  broken.server->throwing = "get_banner";
  AuthClient other(broken.start());
  REQUIRE(other.connect());
  REQUIRE(other.userauth().request_password("secret"));
  CHECK(other.outcome());
  CHECK(other.banners.empty());
  CHECK(broken.log->errors().size() == 1);
}

TEST_CASE("[hook get_allowed_auths] authentication hooks: get_allowed_auths that throws allows nothing") {
  AuthFixture fixture;
  fixture.server->throwing = "get_allowed_auths";
  AuthClient client(fixture.start());
  REQUIRE(client.connect());
  REQUIRE(client.userauth().request_password("secret"));
  CHECK_FALSE(client.outcome());
  CHECK(client.failure.methods_that_can_continue.empty());
  CHECK_FALSE(fixture.server->called("check_auth_password(user secret)"));
  CHECK(fixture.log->errors().size() == 2);
}

TEST_CASE(
    "[hook get_allowed_auths] authentication hooks: a method that this user may not use is refused without its check") {
  AuthFixture fixture;
  fixture.server->allowed = {{"user", {"publickey"}}};
  AuthClient client(fixture.start());
  REQUIRE(client.connect());
  REQUIRE(client.userauth().request_password("secret"));
  CHECK_FALSE(client.outcome());
  CHECK(client.failure.methods_that_can_continue == Calls{"publickey"});
  CHECK_FALSE(fixture.server->called("check_auth_password(user secret)"));
  CHECK(fixture.server->called("on_authentication_failed(user password)"));
  REQUIRE(client.userauth().request_public_key(other_ed25519_key(), ed25519()));
  CHECK(client.outcome());
}

TEST_CASE("authentication hooks: exceptions from notifications change nothing, and are logged") {
  AuthFixture fixture;
  fixture.server->throwing = "on_authentication_failed";
  fixture.server->mode = HookMode::deny;
  AuthClient client(fixture.start());
  REQUIRE(client.connect());
  REQUIRE(client.userauth().request_password("wrong"));
  CHECK_FALSE(client.outcome());
  CHECK_FALSE(client.ended);
  CHECK(fixture.log->errors().size() == 1);

  AuthFixture second;
  second.server->throwing = "on_authentication_successful";
  AuthClient other(second.start());
  REQUIRE(other.connect());
  REQUIRE(other.userauth().request_password("secret"));
  CHECK(other.outcome());
  CHECK(second.log->errors().size() == 1);
}

TEST_CASE("authentication hooks: failures that no check was asked about are told, too") {
  const auto send = [](AuthClient& client, const auth::UserauthRequest& request) {
    client.connection->session().transport().send_message(request);
    client.connection->flush_soon();
  };
  struct Refused {
    const char* method;
    ByteVector body;
  };
  const Bytes blob = other_ed25519_key().public_key().blob();
  const auto key_fields = [&](std::string_view algorithm) {
    return wire::encode(auth::PublicKeySignedFields{true, algorithm, blob, as_bytes("no signature")});
  };
  for (const Refused& row :
       {Refused{"unknown-method", {}}, Refused{"hostbased", {}}, Refused{"publickey", key_fields("ssh-ed25519")},
        Refused{"publickey", key_fields("ssh-dss")}, Refused{"none", {}}}) {
    CAPTURE(row.method);
    AuthFixture fixture;
    AuthClient client(fixture.start());
    REQUIRE(client.connect());
    // Said by hand; the client's own state does not know of it, and takes the answer for an unexpected one.
    send(client, {"user", "ssh-connection", row.method, {row.body}});
    (void)client.wait_end();
    CHECK(fixture.server->calls() == Calls{"get_banner(before)", "get_allowed_auths(user)", "get_allowed_auths(user)",
                                           "on_authentication_failed(user " + std::string(row.method) + ")"});
  }
}

TEST_CASE("[defect 31] authentication hooks: a chain of partial successes, each told by its list, and one success") {
  AuthFixture fixture;
  fixture.server->results = {{"publickey", AuthResult::partial}, {"keyboard-interactive", AuthResult::partial}};
  AuthClient client(fixture.start());
  REQUIRE(client.connect());
  fixture.server->allowed = {{"user", {"keyboard-interactive"}}};
  REQUIRE(client.userauth().request_public_key(other_ed25519_key(), ed25519()));
  CHECK_FALSE(client.outcome());
  // Its first list was asked for before the request: publickey was not on it.
  CHECK_FALSE(client.failure.partial_success);

  fixture.server->allowed = {{"user", {"publickey"}}};
  REQUIRE(client.userauth().request_keyboard_interactive());
  CHECK_FALSE(client.outcome());
  CHECK(client.failure.partial_success);
  CHECK(client.failure.methods_that_can_continue == Calls{"publickey"});

  fixture.server->allowed = {{"user", {"password"}}};
  REQUIRE(client.userauth().request_public_key(other_ed25519_key(), ed25519()));
  CHECK_FALSE(client.outcome());
  CHECK(client.failure.partial_success);
  REQUIRE(client.userauth().request_password("secret"));
  CHECK(client.outcome());
  CHECK(fixture.server->called("on_authentication_successful(user password)"));
  CHECK_FALSE(fixture.server->called("on_authentication_failed(user keyboard-interactive)"));
}

TEST_CASE(
    "[CVE-2018-15473, CVE-2016-6210, CVE-2018-15599] authentication hooks: an unknown user costs the same calls and "
    "gets the same answers") {
  std::vector<Calls> seen;
  for (const char* user : {"known", "unknown"}) {
    AuthFixture fixture;
    fixture.server->mode = HookMode::deny;
    AuthClient client(fixture.start(), user);
    REQUIRE(client.connect());
    Calls all;
    for (const Row& row : rows()) {
      row.ask(client.userauth());
      CHECK_FALSE(client.outcome());
      all.push_back(wire::join(client.failure.methods_that_can_continue));
    }
    for (std::string call : fixture.server->calls()) {
      if (const std::size_t at = call.find(user); at != std::string::npos)
        call.replace(at, std::strlen(user), "someone");
      all.push_back(std::move(call));
    }
    seen.push_back(std::move(all));
  }
  CHECK(seen[0] == seen[1]);
}

TEST_CASE(
    "[CVE-2026-83540, defect 32, defect 33, defect 29] authentication hooks: two connections of one user are judged "
    "apart") {
  AuthFixture fixture;
  const std::uint16_t port = fixture.start();
  AuthClient first(port);
  AuthClient second(port);
  REQUIRE(first.connect());
  REQUIRE(second.connect());
  REQUIRE(first.userauth().request_password("secret"));
  CHECK(first.outcome());
  // The second one's channel is no better off for it: it ends its connection [defect 29].
  send_payload(second.connection->session().transport(), ByteVector{90, 0, 0, 0, 0});
  second.connection->flush_soon();
  (void)second.wait_end();
  CHECK_FALSE(second.connection->session().authenticated());
  CHECK_FALSE(first.ended);
}

}  // namespace hawser::test
