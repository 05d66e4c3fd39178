#include <doctest/doctest.h>

#include "support/test_gss.h"
#include "support/userauth_peer.h"

using namespace hawser;
using namespace hawser::auth;
using namespace hawser::test;

namespace {

UserauthServerConfig with_gss(TestGss mechanism = {}) {
  UserauthServerConfig config;
  config.initial_methods = {"gssapi-with-mic", "password"};
  config.gss = std::make_shared<TestGssServer>(std::move(mechanism));
  return config;
}

ByteVector gssapi_request(const std::vector<ByteVector>& mechanisms, std::string_view user = "joe") {
  ByteVector list;
  for (const ByteVector& mechanism : mechanisms) wire::append_string(list, mechanism);
  return userauth_request(user, "gssapi-with-mic", GssapiFields{static_cast<std::uint32_t>(mechanisms.size()), {list}});
}
ByteVector token(std::string_view text) { return wire::encode(UserauthGssapiToken{as_bytes(text)}); }
ByteVector mic_over(Bytes session, std::string_view user = "joe", std::string_view service = "ssh-connection",
                    std::string_view method = "gssapi-with-mic", std::uint8_t number = 50) {
  const ByteVector data = wire::encode(GssapiMicData{session, number, user, service, method});
  return wire::encode(UserauthGssapiMic{test_gss_mic({}, data)});
}

// A server whose client has finished its context: the MIC is due.
struct ContextComplete : UserauthServerPeer {
  ContextComplete() : UserauthServerPeer(with_gss()) {
    nothing(give(gssapi_request({test_mechanism()})));
    nothing(give(token("token 0")));
    nothing(give(token("token 2")));
    sink.clear();
  }
};

// Both sides, up to the end of what they say to each other unasked.
struct GssPair : UserauthPair {
  explicit GssPair(TestGss client_mechanism = {}, TestGss server_mechanism = {})
      : UserauthPair(with_gss(std::move(server_mechanism))),
        provider(std::make_shared<TestGssClient>(std::move(client_mechanism))) {
    client.start();
  }
  void request() {
    REQUIRE(client.request_gssapi_with_mic(provider));
    run();
    told<ServiceAccepted>();
  }
  std::shared_ptr<TestGssClient> provider;
};

}  // namespace

TEST_CASE("gssapi-with-mic: any number of tokens, then the MIC, then the name is judged (RFC 4462 §3)") {
  for (std::size_t tokens = 1; tokens != 8; ++tokens) {
    CAPTURE(tokens);
    TestGss mechanism;
    mechanism.tokens = tokens;
    GssPair pair(mechanism, mechanism);
    pair.request();
    const AuthRequested asked = pair.asked();
    CHECK(asked.user == "user");
    CHECK(asked.method == "gssapi-with-mic");
    const auto& proved = std::get<GssapiAuthenticated>(asked.request);
    CHECK(proved.initiator_name == "joe@EXAMPLE.ORG");
    CHECK(proved.mechanism == test_mechanism());
    CHECK_FALSE(pair.server.take_authenticated());
    pair.answer(AuthResult::successful);
    pair.told<ClientAuthenticated>();
    CHECK(pair.client.take_authenticated()->method() == "gssapi-with-mic");
  }
}

TEST_CASE("gssapi-with-mic: a name that is refused fails, and partial success goes on (RFC 4252 §5.1)") {
  for (const AuthResult result : {AuthResult::failed, AuthResult::partial}) {
    GssPair pair;
    pair.request();
    pair.asked();
    pair.answer(result, {"password"});
    CHECK(pair.told<AuthFailed>().partial_success == (result == AuthResult::partial));
    CHECK(pair.client.request_password("x"));
  }
}

TEST_CASE("gssapi-with-mic server: the first mechanism of the client's that it has (RFC 4462 §3.3)") {
  UserauthServerPeer peer(with_gss());
  peer.nothing(peer.give(gssapi_request({test_mechanism(1), test_mechanism(), test_mechanism(2)})));
  CHECK(to_vector(peer.sink.take<UserauthGssapiResponse>().mechanism) == test_mechanism());
}

TEST_CASE("gssapi-with-mic server: no mechanism, none in common, no provider: refused (RFC 4462 §3.3)") {
  UserauthServerPeer peer(with_gss());
  peer.refused(peer.give(gssapi_request({})));
  peer.refused(peer.give(gssapi_request({test_mechanism(1), {}})), {"gssapi-with-mic"});
  UserauthServerConfig config = with_gss();
  config.gss = nullptr;
  UserauthServerPeer without(config);
  without.refused(without.give(gssapi_request({test_mechanism()})));
}

TEST_CASE("[CVE-2025-58181] gssapi-with-mic server: a wild number of mechanisms takes no memory") {
  for (const std::uint32_t count : {2u, 65u, 0x40000000u, 0xffffffffu}) {
    UserauthServerPeer peer(with_gss());
    ByteVector list;
    wire::append_string(list, test_mechanism());
    const Errc code = peer.code(peer.give(userauth_request("joe", "gssapi-with-mic", GssapiFields{count, {list}})));
    CHECK(code == (count == 2 ? Errc::truncated : Errc::bad_value));
  }
  UserauthServerPeer many(with_gss());
  CHECK(many.code(many.give(gssapi_request(std::vector<ByteVector>(65, test_mechanism(1))))) == Errc::bad_value);
}

TEST_CASE("gssapi-with-mic server: a MIC counts for this session, user, service and method only (RFC 4462 §3.5)") {
  const ByteVector session = to_vector(some_session_id().bytes());
  ContextComplete right;
  right.asked<GssapiAuthenticated>(right.give(mic_over(session)));

  const ByteVector wrong[] = {mic_over(as_bytes("another session")),
                              mic_over(session, "root"),
                              mic_over(session, "joe", "ssh-userauth"),
                              mic_over(session, "joe", "ssh-connection", "gssapi-keyex"),
                              mic_over(session, "joe", "ssh-connection", "gssapi-with-mic", 51),
                              wire::encode(UserauthGssapiMic{as_bytes("nothing")}),
                              wire::encode(UserauthGssapiMic{})};
  for (const ByteVector& mic : wrong) {
    ContextComplete peer;
    peer.refused(peer.give(mic));
    CHECK(peer.server.failed_attempts() == 1);
  }
}

TEST_CASE("gssapi-with-mic server: a MIC before the context is complete is refused") {
  UserauthServerPeer peer(with_gss());
  peer.nothing(peer.give(gssapi_request({test_mechanism()})));
  peer.sink.clear();
  peer.refused(peer.give(mic_over(some_session_id().bytes())));
}

TEST_CASE(
    "[CVE-2026-59851] gssapi-with-mic server: EXCHANGE_COMPLETE instead of a MIC is refused: nothing binds it to the "
    "session") {
  ContextComplete peer;
  peer.refused(peer.give(wire::encode(UserauthGssapiExchangeComplete{})));
}

TEST_CASE("[CVE-2026-106553, CVE-2026-3497] gssapi-with-mic server: the context goes with its attempt") {
  const auto provider = std::make_shared<TestGssServer>();
  UserauthServerConfig config = with_gss();
  config.gss = provider;
  UserauthServerPeer peer(std::move(config));
  const auto begin = [&] {
    peer.nothing(peer.give(gssapi_request({test_mechanism()})));
    peer.sink.clear();
  };
  begin();
  CHECK(provider->living_contexts() == 1);
  SUBCASE("proved: before the name is judged") {
    peer.nothing(peer.give(token("token 0")));
    peer.nothing(peer.give(token("token 2")));
    peer.asked<GssapiAuthenticated>(peer.give(mic_over(peer.session_id.bytes())));
  }
  SUBCASE("failed") { peer.asked<RefusedRequest>(peer.give(token("not what was awaited"))); }
  SUBCASE("given up by the client") { peer.refused(peer.give(wire::encode(UserauthGssapiExchangeComplete{}))); }
  SUBCASE("abandoned for another method") { peer.asked(peer.give(password_request("joe", "x"))); }
  SUBCASE("abandoned for itself: one is left, the new one") {
    begin();
    CHECK(provider->living_contexts() == 1);
    return;
  }
  CHECK(provider->living_contexts() == 0);
}

TEST_CASE("gssapi-with-mic server: a token after the context is complete ends the session") {
  ContextComplete peer;
  CHECK(peer.code(peer.give(token("token 4"))) == Errc::unexpected_message);
}

TEST_CASE("gssapi-with-mic server: a mechanism that fails says why, and the attempt fails (RFC 4462 §3.8, §3.9)") {
  for (const bool with_error_token : {true, false}) {
    TestGss mechanism;
    mechanism.breaks = 0;
    mechanism.with_error_token = with_error_token;
    GssPair pair({}, mechanism);
    pair.request();
    CHECK(std::holds_alternative<RefusedRequest>(pair.asked().request));
    const auto told = pair.told<GssapiErrorReceived>();
    CHECK(told.major_status == 0xd0000);
    CHECK(told.minor_status == 7);
    CHECK(told.message == "the ticket has expired");
    pair.answer(AuthResult::successful, {"password"});
    CHECK_FALSE(pair.told<AuthFailed>().partial_success);
  }
}

TEST_CASE("gssapi-with-mic client: a mechanism that fails sends its error token, or goes on without (RFC 4462 §3.9)") {
  TestGss mechanism;
  mechanism.breaks = 1;
  GssPair telling(mechanism);
  telling.request();
  CHECK(std::holds_alternative<RefusedRequest>(telling.asked().request));
  telling.answer(AuthResult::failed, {"password"});
  telling.told<AuthFailed>();

  mechanism.with_error_token = false;
  GssPair silent(mechanism);
  silent.request();
  CHECK(silent.told<GssapiGivenUp>().message == "the ticket has expired");
  REQUIRE(silent.client.request_password("x"));
  silent.run();
  CHECK(silent.asked().method == "password");
  CHECK(silent.server.failed_attempts() == 1);
}

TEST_CASE("gssapi-with-mic client: no credentials or no integrity: it gives up and proves nothing") {
  GssPair poor;
  poor.provider->has_credentials = false;
  poor.request();
  poor.told<GssapiGivenUp>();

  TestGss mechanism;
  mechanism.with_integrity = false;
  GssPair bare(mechanism);
  bare.request();
  bare.told<GssapiGivenUp>();
  CHECK(bare.server_events.empty());
}

TEST_CASE("gssapi-with-mic client: a mechanism that was not offered, and messages out of turn, end the session") {
  const auto provider = std::make_shared<TestGssClient>();
  const auto asking = [&](UserauthClientPeer& peer) { REQUIRE(peer.client.request_gssapi_with_mic(provider)); };
  const UserauthGssapiResponse chosen{as_bytes("\x06\x03\x2a\x03\x04")};

  UserauthClientPeer other;
  asking(other);
  CHECK(other.error(UserauthGssapiResponse{as_bytes("\x06\x01\x2a")}) == Errc::bad_value);
  UserauthClientPeer early;
  asking(early);
  CHECK(early.error(UserauthGssapiToken{as_bytes("token 1")}) == Errc::unexpected_message);
  UserauthClientPeer success;
  asking(success);
  REQUIRE(success.give(chosen));
  CHECK(success.error(UserauthSuccess{}) == Errc::unexpected_message);
  CHECK_FALSE(success.client.take_authenticated());
  UserauthClientPeer twice;
  asking(twice);
  REQUIRE(twice.give(chosen));
  CHECK(twice.error(chosen) == Errc::unexpected_message);
  UserauthClientPeer late;
  asking(late);
  REQUIRE(late.give(chosen));
  REQUIRE(late.give(UserauthGssapiToken{as_bytes("token 1")}));
  CHECK(late.error(UserauthGssapiToken{as_bytes("token 3")}) == Errc::unexpected_message);

  UserauthClientPeer none;
  provider->offered.clear();
  CHECK(none.client.request_gssapi_with_mic(provider).error().code() == Errc::invalid_argument);
  CHECK(none.client.request_gssapi_with_mic(nullptr).error().code() == Errc::invalid_argument);
}

TEST_CASE("gssapi-with-mic: endless tokens are ended on both sides") {
  TestGss endless;
  endless.tokens = 1000;
  UserauthServerConfig config = with_gss(endless);
  config.token_rounds = 4;
  UserauthServerPeer peer(config);
  peer.nothing(peer.give(gssapi_request({test_mechanism()})));
  for (int i = 0; i != 4; ++i) peer.nothing(peer.give(token("token " + std::to_string(2 * i))));
  peer.sink.clear();
  peer.refused(peer.give(token("token 8")));

  UserauthClientPeer client;
  REQUIRE(client.client.request_gssapi_with_mic(std::make_shared<TestGssClient>(endless)));
  REQUIRE(client.give(UserauthGssapiResponse{as_bytes("\x06\x03\x2a\x03\x04")}));
  for (std::size_t i = 0; i != UserauthClient::token_rounds; ++i) {
    const std::string text = "token " + std::to_string(2 * i + 1);
    REQUIRE(client.give(UserauthGssapiToken{as_bytes(text)}));
  }
  CHECK(client.error(UserauthGssapiToken{as_bytes("token 33")}) == Errc::too_many_messages);
}
