#include "hawser/auth/userauth_server.h"

#include <doctest/doctest.h>

#include "support/test_keys.h"
#include "support/userauth_peer.h"

using namespace hawser;
using namespace hawser::auth;
using namespace hawser::test;

TEST_CASE("[defect 31] userauth server: only ssh-userauth can be asked for, any number of times (RFC 4253 §10)") {
  UserauthServerPeer peer({}, false);
  for (int i = 0; i != 2; ++i) {
    peer.nothing(peer.give(wire::encode(transport::ServiceRequest{"ssh-userauth"})));
    CHECK(peer.sink.take<transport::ServiceAccept>().service_name == "ssh-userauth");
  }
  for (const char* service : {"ssh-connection", "", "ssh-userauth2"}) {
    CHECK(peer.code(peer.give(wire::encode(transport::ServiceRequest{service}))) == Errc::service_not_available);
  }
  CHECK(peer.sink.empty());
}

TEST_CASE("userauth server: a request before the service was asked for ends the session (RFC 4252 §4)") {
  UserauthServerPeer peer({}, false);
  CHECK(peer.code(peer.give(none_request("user"))) == Errc::unexpected_message);
}

TEST_CASE(
    "[defect 31] userauth server: a request for another service than ssh-connection ends the session (RFC 4252 §5)") {
  UserauthServerPeer peer;
  CHECK(peer.code(peer.give(userauth_request("user", "none", wire::Rest{}, "ssh-userauth"))) ==
        Errc::service_not_available);
}

TEST_CASE("userauth server: none is a request like others, and the way to learn the methods (RFC 4252 §5.2)") {
  UserauthServerPeer peer;
  const AuthRequested event = peer.asked(peer.give(none_request("joe")));
  CHECK(event.user == "joe");
  CHECK(event.method == "none");
  CHECK(std::holds_alternative<NoneRequest>(event.request));
  peer.nothing(peer.answer(AuthResult::failed, {"publickey", "hostbased"}));
  const auto failure = peer.sink.take<UserauthFailure>();
  CHECK(failure.methods_that_can_continue.text() == "publickey,hostbased");
  CHECK_FALSE(failure.partial_success);
  CHECK(peer.server.failed_attempts() == 0);

  peer.asked(peer.give(none_request("joe")));
  peer.succeeded(peer.answer(AuthResult::successful));
  CHECK(peer.server.take_authenticated()->method() == "none");
}

TEST_CASE("userauth server: none with a body is malformed (RFC 4252 §5.2)") {
  UserauthServerPeer peer;
  CHECK(peer.code(peer.give(userauth_request("joe", "none", wire::Rest{as_bytes("x")}))) == Errc::trailing_bytes);
}

TEST_CASE("userauth server: a password is decided by the caller, and success gives the token once (RFC 4252 §8)") {
  UserauthServerPeer peer;
  auto request = peer.asked<PasswordRequest>(peer.give(password_request("joe", "secret")));
  CHECK(as_text(request.password.view()) == "secret");
  CHECK_FALSE(request.new_password);
  CHECK(peer.sink.empty());
  CHECK_FALSE(peer.server.take_authenticated());
  peer.succeeded(peer.answer(AuthResult::successful));
  const auto token = peer.server.take_authenticated();
  REQUIRE(token);
  CHECK(token->user() == "joe");
  CHECK(token->method() == "password");
  CHECK_FALSE(peer.server.take_authenticated());
}

TEST_CASE(
    "[defect 31] userauth server: after success requests are silently ignored, all else ends the session (RFC 4252 "
    "§5.1)") {
  UserauthServerPeer peer;
  peer.asked(peer.give(password_request("joe", "secret")));
  peer.succeeded(peer.answer(AuthResult::successful));
  peer.nothing(peer.give(password_request("root", "secret")));
  peer.nothing(peer.give(ByteVector{50}));
  CHECK(peer.sink.empty());
  CHECK(peer.code(peer.give(wire::encode(transport::ServiceRequest{"ssh-userauth"}))) == Errc::unexpected_message);
  CHECK(peer.code(peer.answer(AuthResult::successful)) == Errc::invalid_state);
  peer.server.send_banner("too late");
  CHECK(peer.sink.empty());
}

TEST_CASE("userauth server: a password change carries both passwords; it is asked for by message 60 (RFC 4252 §8)") {
  UserauthServerPeer peer;
  peer.asked(peer.give(password_request("joe", "old")));
  peer.nothing(peer.server.ask_for_new_password("Your password has expired"));
  CHECK(peer.sink.take<UserauthPasswdChangereq>().prompt == "Your password has expired");
  const auto request = peer.asked<PasswordRequest>(
      peer.give(userauth_request("joe", "password", PasswordChangeFields{true, "old", "new"})));
  CHECK(as_text(request.password.view()) == "old");
  REQUIRE(request.new_password);
  CHECK(as_text(request.new_password->view()) == "new");
  peer.succeeded(peer.answer(AuthResult::successful));
}

TEST_CASE("userauth server: a new password can be asked for only in answer to a password") {
  UserauthServerPeer peer;
  CHECK(peer.code(peer.server.ask_for_new_password("?")) == Errc::invalid_state);
  peer.asked(peer.give(none_request("joe")));
  CHECK(peer.code(peer.server.ask_for_new_password("?")) == Errc::invalid_state);
}

TEST_CASE("userauth server: an answer without a question is the caller's mistake") {
  UserauthServerPeer peer;
  CHECK(peer.code(peer.answer(AuthResult::successful)) == Errc::invalid_state);
  CHECK(peer.sink.empty());
}

TEST_CASE("userauth server: partial success is said, remembered, and narrows the methods (RFC 4252 §5.1)") {
  UserauthServerPeer peer;
  peer.asked(peer.give(password_request("joe", "first factor")));
  peer.nothing(peer.answer(AuthResult::partial, {"publickey"}));
  const auto failure = peer.sink.take<UserauthFailure>();
  CHECK(failure.partial_success);
  CHECK(failure.methods_that_can_continue.text() == "publickey");
  CHECK(peer.server.failed_attempts() == 0);

  peer.refused(peer.give(password_request("joe", "first factor")));

  const AuthRequested second =
      peer.asked(peer.give(signed_request(peer.session_id, "joe", ed25519_key(), signature_row("ssh-ed25519"))));
  CHECK(second.partial_successes == std::vector<std::string>{"password"});
  peer.succeeded(peer.answer(AuthResult::successful));
}

TEST_CASE("userauth server: methods that are not offered or not known are failures that nobody is asked about") {
  UserauthServerConfig config;
  config.initial_methods = {"password", "keyboard-interactive"};
  UserauthServerPeer peer(config);
  peer.refused(peer.give(query_request("joe", "ssh-ed25519", ed25519_key().public_key().blob())));
  peer.refused(peer.give(userauth_request("joe", "keyboard-interactive", wire::Rest{as_bytes("?")})));
  peer.refused(peer.give(userauth_request("joe", "", wire::Rest{})));
  peer.refused(peer.give(userauth_request("joe", std::string(64, 'x'), wire::Rest{})));
  CHECK(peer.server.failed_attempts() == 4);
}

TEST_CASE(
    "[defect 31] userauth server: failures are counted as OpenSSH counts them, and the next request ends the session") {
  UserauthServerConfig config;
  config.attempt_limit = 3;
  UserauthServerPeer peer(config);
  const auto fail = [&](const ByteVector& request) {
    peer.asked(peer.give(request));
    peer.nothing(peer.answer(AuthResult::failed));
    peer.sink.take<UserauthFailure>();
  };
  const Bytes blob = ed25519_key().public_key().blob();
  fail(none_request("joe"));
  CHECK(peer.server.failed_attempts() == 0);
  fail(none_request("joe"));
  CHECK(peer.server.failed_attempts() == 1);
  fail(query_request("joe", "ssh-ed25519", blob));
  CHECK(peer.server.failed_attempts() == 2);
  peer.asked(peer.give(query_request("joe", "ssh-ed25519", blob)));
  peer.nothing(peer.answer(AuthResult::successful));
  peer.sink.take<UserauthPkOk>();
  CHECK(peer.server.failed_attempts() == 2);
  fail(password_request("joe", "guess"));
  CHECK(peer.server.failed_attempts() == 3);
  CHECK(peer.code(peer.give(password_request("joe", "right"))) == Errc::too_many_auth_attempts);
}

TEST_CASE(
    "[GHSA-hpv4-5h6f-wqr3] userauth server: another user name flushes the methods achieved, not the failures (RFC 4252 "
    "§5)") {
  UserauthServerPeer peer;
  peer.asked(peer.give(password_request("joe", "wrong")));
  peer.nothing(peer.answer(AuthResult::failed));
  peer.asked(peer.give(password_request("joe", "right")));
  peer.nothing(peer.answer(AuthResult::partial, {"publickey"}));
  peer.sink.clear();
  const AuthRequested root = peer.asked(peer.give(password_request("root", "guess")));
  CHECK(root.user == "root");
  CHECK(root.partial_successes.empty());
  peer.nothing(peer.answer(AuthResult::failed));
  const AuthRequested again = peer.asked(peer.give(password_request("joe", "right")));
  CHECK(again.partial_successes.empty());
  CHECK(peer.server.failed_attempts() == 2);
}

TEST_CASE("userauth server: key queries that are accepted are limited, too") {
  UserauthServerConfig config;
  config.request_limit = 5;
  UserauthServerPeer peer(config);
  const ByteVector query = query_request("joe", "ssh-ed25519", ed25519_key().public_key().blob());
  for (int i = 0; i != 5; ++i) {
    peer.asked(peer.give(query));
    peer.nothing(peer.answer(AuthResult::successful));
  }
  CHECK(peer.code(peer.give(query)) == Errc::too_many_auth_attempts);
}

TEST_CASE("userauth server: requests sent ahead are answered in order (RFC 4252 §5.1)") {
  UserauthServerPeer peer;
  peer.asked(peer.give(none_request("joe")));
  peer.nothing(peer.give(userauth_request("joe", "unknown", wire::Rest{})));
  peer.nothing(peer.give(password_request("joe", "wrong")));
  peer.nothing(peer.give(wire::encode(transport::ServiceRequest{"ssh-userauth"})));
  peer.nothing(peer.give(password_request("joe", "right")));
  CHECK(peer.sink.empty());

  peer.asked<RefusedRequest>(peer.answer(AuthResult::failed));
  CHECK(as_text(peer.asked<PasswordRequest>(peer.answer(AuthResult::failed)).password.view()) == "wrong");
  CHECK(peer.sink.size() == 2);
  peer.sink.clear();
  CHECK(as_text(peer.asked<PasswordRequest>(peer.answer(AuthResult::failed)).password.view()) == "right");
  peer.sink.take<UserauthFailure>();
  peer.sink.take<transport::ServiceAccept>();
  peer.succeeded(peer.answer(AuthResult::successful));
}

TEST_CASE("userauth server: requests sent ahead are dropped by success (RFC 4252 §5.1)") {
  UserauthServerPeer peer;
  peer.asked(peer.give(password_request("joe", "right")));
  peer.nothing(peer.give(password_request("root", "guess")));
  peer.succeeded(peer.answer(AuthResult::successful));
  CHECK(peer.sink.empty());
  CHECK(peer.server.take_authenticated()->user() == "joe");
}

TEST_CASE("userauth server: only few requests may be sent ahead, and few bytes") {
  UserauthServerPeer many;
  many.asked(many.give(none_request("joe")));
  for (std::size_t i = 0; i != UserauthServer::waiting_limit; ++i) many.nothing(many.give(none_request("joe")));
  CHECK(many.code(many.give(none_request("joe"))) == Errc::too_many_requests);

  UserauthServerPeer large;
  large.asked(large.give(none_request("joe")));
  large.nothing(large.give(password_request("joe", std::string(40000, 'x'))));
  CHECK(large.code(large.give(password_request("joe", std::string(40000, 'x')))) == Errc::too_many_requests);
}

TEST_CASE("userauth server: the attempt limit holds for requests sent ahead") {
  UserauthServerConfig config;
  config.attempt_limit = 1;
  UserauthServerPeer peer(config);
  peer.asked(peer.give(password_request("joe", "1")));
  peer.nothing(peer.give(password_request("joe", "2")));
  CHECK(peer.code(peer.answer(AuthResult::failed)) == Errc::too_many_auth_attempts);
  CHECK(peer.sink.size() == 1);
}

TEST_CASE("userauth server: a banner waits for the service, then goes at once (RFC 4252 §5.4)") {
  UserauthServerPeer peer({}, false);
  peer.server.send_banner("Welcome\r\n");
  CHECK(peer.sink.empty());
  peer.nothing(peer.give(wire::encode(transport::ServiceRequest{"ssh-userauth"})));
  peer.sink.take<transport::ServiceAccept>();
  CHECK(peer.sink.take<UserauthBanner>().message == "Welcome\r\n");
  peer.server.send_banner("Again");
  CHECK(peer.sink.take<UserauthBanner>().message == "Again");
  peer.nothing(peer.give(wire::encode(transport::ServiceRequest{"ssh-userauth"})));
  peer.sink.take<transport::ServiceAccept>();
  CHECK(peer.sink.empty());
}

TEST_CASE("userauth server: of numbers 0 to 255 it takes 5 and 50 only (RFC 4252 §6)") {
  for (int number = 0; number != 256; ++number) {
    CAPTURE(number);
    UserauthServerPeer peer;
    const ByteVector packet{static_cast<std::uint8_t>(number)};
    CHECK(peer.code(peer.give(packet)) == (number == 5 || number == 50 ? Errc::truncated : Errc::unexpected_message));
  }
  UserauthServerPeer peer;
  CHECK(peer.code(peer.give({})) == Errc::truncated);
}

TEST_CASE("userauth server: requests cut short at every byte end the session") {
  const ByteVector requests[] = {
      password_request("joe", "secret"),
      userauth_request("joe", "password", PasswordChangeFields{true, "old", "new"}),
      query_request("joe", "ssh-ed25519", ed25519_key().public_key().blob()),
      signed_request(some_session_id(), "joe", ed25519_key(), signature_row("ssh-ed25519")),
  };
  for (const ByteVector& request : requests) {
    for (std::size_t size = 0; size != request.size(); ++size) {
      CAPTURE(size);
      UserauthServerPeer peer;
      CHECK(peer.code(peer.give(Bytes(request).first(size))) == Errc::truncated);
    }
    ByteVector longer = request;
    longer.push_back(0);
    UserauthServerPeer peer;
    CHECK(peer.code(peer.give(longer)) == Errc::trailing_bytes);
  }
}

TEST_CASE("userauth server: names that nobody has fail without a question, and count") {
  const std::string longest_user(1024, 'u');
  const std::string long_user(1025, 'u');
  const std::string long_method(60000, 'm');
  UserauthServerConfig config;
  config.attempt_limit = 3;
  UserauthServerPeer peer(config);
  for (const ByteVector& request : {password_request(long_user, "x"), none_request(long_user),
                                    userauth_request("joe", long_method, wire::Rest{})}) {
    peer.nothing(peer.give(request));
    CHECK_FALSE(peer.sink.take<UserauthFailure>().partial_success);
  }
  CHECK(peer.server.failed_attempts() == 3);
  CHECK(peer.code(peer.give(password_request("joe", "x"))) == Errc::too_many_auth_attempts);
  UserauthServerPeer other;
  CHECK(other.asked(other.give(password_request(longest_user, "x"))).user == longest_user);
}
