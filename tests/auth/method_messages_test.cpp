// Messages 60 to 79 mean something in their own method only (RFC 4252 §6): the table, and both sides' obedience to it.
#include "hawser/auth/method_messages.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/test_gss.h"
#include "support/test_keys.h"
#include "support/userauth_peer.h"

using namespace hawser;
using namespace hawser::auth;
using namespace hawser::test;

namespace {

struct Row {
  Method method;
  std::vector<int> to_client;
  std::vector<int> to_server;
};

const Row rows[] = {
    {Method::none, {}, {}},
    {Method::password, {60}, {}},
    {Method::publickey, {60}, {}},
    {Method::keyboard_interactive, {60}, {61}},
    {Method::gssapi_with_mic, {60, 61, 64, 65}, {61, 63, 65, 66}},
};

bool listed(const std::vector<int>& numbers, int number) { return std::ranges::find(numbers, number) != numbers.end(); }

ByteVector request_of(Method method) {
  ByteVector mechanism;
  wire::append_string(mechanism, test_mechanism());
  switch (method) {
    case Method::none: return none_request("joe");
    case Method::password: return password_request("joe", "secret");
    case Method::publickey: return query_request("joe", "ssh-ed25519", ed25519_key().public_key().blob());
    case Method::keyboard_interactive:
      return userauth_request("joe", "keyboard-interactive", KeyboardInteractiveFields{});
    case Method::gssapi_with_mic: return userauth_request("joe", "gssapi-with-mic", GssapiFields{1, {mechanism}});
  }
  return {};
}

UserauthServerConfig with_every_method() {
  UserauthServerConfig config;
  config.initial_methods = {"password", "publickey", "keyboard-interactive", "gssapi-with-mic"};
  config.gss = std::make_shared<TestGssServer>();
  return config;
}

void ask(UserauthClient& client, Method method) {
  const crypto::SignatureRow& ed25519 = signature_row("ssh-ed25519");
  switch (method) {
    case Method::none: REQUIRE(client.request_none()); break;
    case Method::password: REQUIRE(client.request_password("secret")); break;
    case Method::publickey: REQUIRE(client.query_public_key(ed25519_key().public_key(), ed25519)); break;
    case Method::keyboard_interactive: REQUIRE(client.request_keyboard_interactive()); break;
    case Method::gssapi_with_mic: REQUIRE(client.request_gssapi_with_mic(std::make_shared<TestGssClient>())); break;
  }
}

// A lone message number is malformed where the message is taken at all, and one without fields is whole.
bool was_taken(Errc code) { return code != Errc::unexpected_message; }

}  // namespace

TEST_CASE("method messages: the table has every number of RFC 4252, 4256 and 4462, and no other") {
  for (const Row& row : rows) {
    CAPTURE(method_name(row.method));
    for (int number = 0; number != 256; ++number) {
      CAPTURE(number);
      const auto byte = static_cast<std::uint8_t>(number);
      CHECK(belongs_to(row.method, byte, Role::client) == listed(row.to_client, number));
      CHECK(belongs_to(row.method, byte, Role::server) == listed(row.to_server, number));
    }
  }
  CHECK(std::size(rows) == all_methods.size());
}

TEST_CASE(
    "[CVE-2018-10933, method-confusion] method messages: a server takes those of the method in progress, when it is "
    "the client's turn") {
  for (const Row& row : rows) {
    CAPTURE(method_name(row.method));
    for (int number = 54; number != 80; ++number) {
      CAPTURE(number);
      const ByteVector message{static_cast<std::uint8_t>(number)};
      UserauthServerPeer peer(with_every_method());
      CHECK(peer.code(peer.give(message)) == Errc::unexpected_message);  // no method yet

      const UserauthOutcome begun = peer.give(request_of(row.method));
      REQUIRE(begun);
      if (*begun) CHECK(peer.code(peer.give(message)) == Errc::unexpected_message);  // somebody is deciding
      if (row.method == Method::keyboard_interactive) peer.nothing(peer.server.prompt("", "", {}));
      CHECK(was_taken(peer.code(peer.give(message))) == listed(row.to_server, number));
      CHECK_FALSE(peer.server.take_authenticated());
    }
  }
}

TEST_CASE("[method-confusion] method messages: a client takes those of its request's method") {
  for (const Row& row : rows) {
    CAPTURE(method_name(row.method));
    for (int number = 54; number != 80; ++number) {
      CAPTURE(number);
      const std::uint8_t message[] = {static_cast<std::uint8_t>(number)};
      UserauthClientPeer peer;
      const auto code = [&] {
        const UserauthClient::Event event = peer.client.receive(peer.payload(Bytes(message)));
        return event ? Errc::ok : event.error().code();
      };
      CHECK(code() == Errc::unexpected_message);
      ask(peer.client, row.method);
      CHECK(was_taken(code()) == listed(row.to_client, number));
      CHECK_FALSE(peer.client.take_authenticated());
    }
  }
}
