// What has gone wrong in user authentication elsewhere, and does not here. The ids are those of the public advisories.
#include <doctest/doctest.h>

#include "support/message_samples.h"
#include "support/test_gss.h"
#include "support/test_keys.h"
#include "support/userauth_peer.h"

using namespace hawser;
using namespace hawser::auth;
using namespace hawser::test;

TEST_CASE("[CVE-2018-10933] a client that sends what only servers send is not let in, in any state") {
  const ByteVector packets[] = {wire::encode(UserauthSuccess{}),
                                wire::encode(UserauthFailure{wire::NameList("password"), true}),
                                wire::encode(UserauthBanner{"hi", ""}),
                                wire::encode(UserauthPkOk{"ssh-ed25519", {}}),
                                wire::encode(UserauthInfoRequest{}),
                                wire::encode(UserauthGssapiError{}),
                                wire::encode(transport::ServiceAccept{"ssh-userauth"})};
  for (const ByteVector& packet : packets) {
    for (const char* state : {"no service", "service", "deciding", "failed", "partial"}) {
      CAPTURE(state);
      UserauthServerPeer peer({}, state != std::string_view("no service"));
      if (state == std::string_view("deciding") || state == std::string_view("failed") ||
          state == std::string_view("partial")) {
        peer.asked(peer.give(password_request("joe", "guess")));
      }
      if (state == std::string_view("failed")) peer.nothing(peer.answer(AuthResult::failed));
      if (state == std::string_view("partial")) peer.nothing(peer.answer(AuthResult::partial));
      CHECK(peer.code(peer.give(packet)) == Errc::unexpected_message);
      CHECK_FALSE(peer.server.take_authenticated());
    }
  }
}

TEST_CASE("[CVE-2018-7750, CVE-2025-32433] no connection message is taken before authentication") {
  for (int number = 80; number != 128; ++number) {
    UserauthServerPeer peer;
    CHECK(peer.code(peer.give(ByteVector{static_cast<std::uint8_t>(number)})) == Errc::unexpected_message);
  }
}

TEST_CASE("[CVE-2024-45337] query K1, query K2, sign with K1: the identity is K1, the key that signed") {
  UserauthServerPeer peer;
  for (const crypto::PrivateKey* key : {&ed25519_key(), &other_ed25519_key()}) {
    peer.asked<PublicKeyQuery>(peer.give(query_request("joe", "ssh-ed25519", key->public_key().blob())));
    peer.nothing(peer.answer(AuthResult::successful));
    peer.sink.take<UserauthPkOk>();
  }
  const auto proved =
      peer.asked<PublicKeySigned>(peer.give(signed_request(peer.session_id, "joe", ed25519_key(), ed25519())));
  CHECK(proved.key == ed25519_key().public_key());
  CHECK_FALSE(proved.key == other_ed25519_key().public_key());
}

TEST_CASE("[CVE-2026-77185] a signed request is verified however late its answer comes") {
  UserauthServerPeer peer;
  peer.asked(peer.give(none_request("joe")));
  // Waits behind a request that takes its time.
  peer.nothing(peer.give(userauth_request(
      "joe", "publickey",
      PublicKeySignedFields{true, "ssh-ed25519", ed25519_key().public_key().blob(), as_bytes("no signature")})));
  peer.asked<RefusedRequest>(peer.answer(AuthResult::failed));
  peer.nothing(peer.answer(AuthResult::successful));  // fails, whatever is answered
  CHECK(peer.sink.size() == 2);
  CHECK(peer.sink.take<UserauthFailure>().partial_success == false);
  CHECK(peer.sink.take<UserauthFailure>().partial_success == false);
  CHECK(peer.code(peer.answer(AuthResult::successful)) == Errc::invalid_state);
  CHECK_FALSE(peer.server.take_authenticated());
}

TEST_CASE(
    "[CVE-2026-77185] a signature that is checked elsewhere proves nothing before, and nothing where it is wrong") {
  enum class Fate { right, wrong, not_checked };
  for (const Fate fate : {Fate::right, Fate::wrong, Fate::not_checked}) {
    UserauthServerConfig config;
    config.defer_public_key_work = true;
    UserauthServerPeer peer(config);
    const ByteVector request =
        signed_request(peer.session_id, fate == Fate::wrong ? "someone else" : "joe", ed25519_key(), ed25519());
    ByteVector sent = request;
    if (fate == Fate::wrong) {
      // Over another name than the request's.
      const auto fields = wire::decode<UserauthRequest>(request);
      REQUIRE(fields);
      sent = wire::encode(UserauthRequest{"joe", fields->service_name, fields->method_name, fields->method_specific});
    }
    const UserauthOutcome due = peer.give(sent);
    REQUIRE(due);
    REQUIRE(due->has_value());
    REQUIRE(std::holds_alternative<crypto::WorkDue>(**due));
    // Nobody can be let in meanwhile; what comes is kept.
    CHECK(peer.code(peer.answer(AuthResult::successful)) == Errc::invalid_state);
    peer.nothing(peer.give(none_request("joe")));
    CHECK(peer.sink.empty());
    if (fate != Fate::not_checked) std::get<crypto::WorkDue>(**due).work->run();
    UserauthOutcome checked = peer.server.work_done();
    if (fate == Fate::right) {
      const auto proved = peer.asked<PublicKeySigned>(std::move(checked));
      CHECK(proved.key == ed25519_key().public_key());
      peer.succeeded(peer.answer(AuthResult::successful));
    } else {
      peer.asked<RefusedRequest>(std::move(checked));
      peer.asked<NoneRequest>(peer.answer(AuthResult::successful));  // fails; the request that was kept is next
      CHECK_FALSE(peer.sink.take<UserauthFailure>().partial_success);
      CHECK_FALSE(peer.server.take_authenticated());
    }
    CHECK(peer.code(peer.server.work_done()) == Errc::invalid_state);
  }
}

TEST_CASE("[GHSA-hpv4-5h6f-wqr3] another user name takes nothing over from the first") {
  UserauthServerPeer peer;
  peer.asked(peer.give(signed_request(peer.session_id, "joe", ed25519_key(), ed25519())));
  peer.nothing(peer.answer(AuthResult::partial, {"password"}));
  const AuthRequested root = peer.asked(peer.give(password_request("root", "joe's password")));
  CHECK(root.user == "root");
  CHECK(root.partial_successes.empty());
}

TEST_CASE("[CVE-2026-39828] the successes of a chain are known to whoever decides its last step") {
  UserauthServerPeer peer;
  peer.asked(peer.give(signed_request(peer.session_id, "joe", ed25519_key(), ed25519())));
  peer.nothing(peer.answer(AuthResult::partial, {"password"}));
  CHECK(peer.asked(peer.give(password_request("joe", "x"))).partial_successes == std::vector<std::string>{"publickey"});
}

TEST_CASE("[CVE-2026-83540] two sessions side by side keep their users apart") {
  UserauthServerPeer first;
  UserauthServerPeer second;
  CHECK(first.asked(first.give(password_request("alice", "a"))).user == "alice");
  CHECK(second.asked(second.give(password_request("bob", "b"))).user == "bob");
  first.succeeded(first.answer(AuthResult::successful));
  CHECK_FALSE(second.server.take_authenticated());
  second.nothing(second.answer(AuthResult::failed));
  CHECK_FALSE(second.server.take_authenticated());
  CHECK(first.server.take_authenticated()->user() == "alice");
}

TEST_CASE("[CVE-2018-15473, CVE-2018-15599] a malformed request and one for an unknown user tell nothing apart") {
  // Whatever the decision is based on, it comes after the whole request was parsed and verified: both users see the
  // same.
  for (const char* user : {"known", "unknown"}) {
    UserauthServerPeer peer;
    ByteVector cut = signed_request(peer.session_id, user, ed25519_key(), ed25519());
    cut.pop_back();
    CHECK(peer.code(peer.give(cut)) == Errc::truncated);

    UserauthServerPeer whole;
    whole.asked(whole.give(signed_request(whole.session_id, user, ed25519_key(), ed25519())));
    whole.nothing(whole.answer(AuthResult::failed));
    CHECK(whole.sink.take<UserauthFailure>().methods_that_can_continue.text() == "publickey,password");
  }
}

TEST_CASE("[CVE-2026-16516] curve and algorithm of a key must be the same") {
  UserauthServerPeer peer;
  peer.refused(peer.give(query_request("joe", "ecdsa-sha2-nistp521", ecdsa_key().public_key().blob())));
}

TEST_CASE("[CVE-2023-46446] a client that asked nothing is not signed in by a server") {
  UserauthClientPeer peer;
  CHECK(peer.error(UserauthSuccess{}) == Errc::unexpected_message);
  CHECK_FALSE(peer.client.take_authenticated());
}

TEST_CASE("[CVE-2026-48107] banners cost a client bounded memory") {
  UserauthClientPeer peer;
  const std::string text(10000, 'x');
  for (int i = 0; i != 6; ++i) peer.expect<BannerReceived>(UserauthBanner{text, ""});
  CHECK(peer.error(UserauthBanner{text, ""}) == Errc::too_many_messages);
}

TEST_CASE("[CVE-2026-48108] a number of prompts or responses that cannot be true takes no memory") {
  for (const std::uint32_t count : {1u, 0x7fffffffu, 0xffffffffu}) {
    UserauthClientPeer client;
    REQUIRE(client.client.request_keyboard_interactive());
    CHECK(client.error(UserauthInfoRequest{"", "", "", count, {}}) == Errc::bad_value);

    UserauthServerConfig config;
    config.initial_methods = {"keyboard-interactive"};
    UserauthServerPeer server(config);
    server.asked(server.give(userauth_request("joe", "keyboard-interactive", KeyboardInteractiveFields{})));
    server.nothing(server.server.prompt("", "", {{"Password: ", false}}));
    CHECK(server.code(server.give(wire::encode(UserauthInfoResponse{count, {}}))) == Errc::bad_value);
  }
}

TEST_CASE(
    "[CVE-2025-58181, CVE-2026-59851] no number of GSSAPI mechanisms takes memory, and every path ends in the one "
    "decision") {
  UserauthServerConfig config;
  config.initial_methods = {"gssapi-with-mic"};
  config.gss = std::make_shared<TestGssServer>();
  for (const std::uint32_t count : {1u, 0x7fffffffu, 0xffffffffu}) {
    UserauthServerPeer peer(config);
    CHECK(peer.code(peer.give(userauth_request("joe", "gssapi-with-mic", GssapiFields{count, {}}))) == Errc::bad_value);
  }
  UserauthServerPeer none(config);
  none.refused(none.give(userauth_request("joe", "gssapi-with-mic", GssapiFields{})));

  UserauthPair pair(config);
  pair.client.start();
  REQUIRE(pair.client.request_gssapi_with_mic(std::make_shared<TestGssClient>()));
  pair.run();
  CHECK_FALSE(pair.server.take_authenticated());
  CHECK(std::holds_alternative<GssapiAuthenticated>(pair.asked().request));
}

TEST_CASE("[CVE-2019-3855] wild lengths in every authentication message are errors") {
  const auto check = [](const auto& message) { check_wild_lengths(message); };
  for_each_message<UserauthMessages>(check);
  for_each_message<UserauthParts>(check);
}
