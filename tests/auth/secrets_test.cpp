// What a client has sent in secret is wiped from received memory as soon as it has been read.
#include <doctest/doctest.h>

#include <algorithm>

#include "support/userauth_peer.h"

using namespace hawser;
using namespace hawser::auth;
using namespace hawser::test;

namespace {

bool all_zero(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

// The memory of `packet` after the server has had it.
struct WatchedPeer : UserauthServerPeer {
  using UserauthServerPeer::UserauthServerPeer;
  Payload last;
  UserauthOutcome give_watched(Bytes packet) {
    last = payload(packet);
    return server.receive(last);
  }
};

}  // namespace

TEST_CASE(
    "[password-memory] userauth server: a received password is wiped where it lay, whatever becomes of its request") {
  const ByteVector requests[] = {
      password_request("joe", "secret"),
      userauth_request("joe", "password", PasswordChangeFields{true, "old secret", "new secret"}),
  };
  for (const ByteVector& request : requests) {
    WatchedPeer fresh;
    const auto asked = fresh.asked<PasswordRequest>(fresh.give_watched(request));
    CHECK(all_zero(fresh.last.bytes()));
    CHECK_FALSE(asked.password.empty());

    WatchedPeer deciding;
    deciding.asked(deciding.give(none_request("joe")));
    deciding.nothing(deciding.give_watched(request));  // kept
    CHECK(all_zero(deciding.last.bytes()));
    CHECK_FALSE(deciding.asked<PasswordRequest>(deciding.answer(AuthResult::failed)).password.empty());

    UserauthServerConfig config;
    config.initial_methods = {"publickey"};
    WatchedPeer refusing(config);
    refusing.refused(refusing.give_watched(request));
    CHECK(all_zero(refusing.last.bytes()));

    WatchedPeer cut;
    CHECK(cut.code(cut.give_watched(Bytes(request).first(request.size() - 1))) == Errc::truncated);
    CHECK(all_zero(cut.last.bytes()));

    WatchedPeer done;
    done.asked(done.give(none_request("joe")));
    done.succeeded(done.answer(AuthResult::successful));
    done.nothing(done.give_watched(request));
    CHECK(all_zero(done.last.bytes()));
  }
}

TEST_CASE("[password-memory] userauth server: received keyboard-interactive responses are wiped where they lay") {
  UserauthServerConfig config;
  config.initial_methods = {"keyboard-interactive"};
  WatchedPeer peer(config);
  peer.asked(peer.give(userauth_request("joe", "keyboard-interactive", KeyboardInteractiveFields{})));
  peer.nothing(peer.server.prompt("", "", {{"Password: ", false}}));
  ByteVector list;
  wire::append_string(list, "secret");
  const UserauthOutcome outcome = peer.give_watched(wire::encode(UserauthInfoResponse{1, {list}}));
  REQUIRE(outcome);
  CHECK(all_zero(peer.last.bytes()));
  const auto& answered = std::get<PromptsAnswered>(**outcome);
  REQUIRE(answered.responses);
  CHECK(as_text((*answered.responses)[0].view()) == "secret");
}
