#include "hawser/auth/request_fields.h"

#include <doctest/doctest.h>

#include "support/hex.h"
#include "support/message_samples.h"

using namespace hawser;
using namespace hawser::auth;
using namespace hawser::test;

TEST_CASE("authentication messages: each survives encoding and no prefix of it decodes (RFC 4252 §6)") {
  const auto check = [](const auto& message) { check_message_rules(message); };
  for_each_message<UserauthMessages>(check);
  for_each_message<UserauthParts>(check);
}

TEST_CASE("authentication messages: a wild length at any place is refused, never read (RFC 4251 §5)") {
  const auto check = [](const auto& message) { check_wild_lengths(message); };
  for_each_message<UserauthMessages>(check);
  for_each_message<UserauthParts>(check);
}

TEST_CASE("authentication messages: the bytes are those of RFC 4252") {
  CHECK(to_hex(wire::encode(UserauthRequest{"joe", "ssh-connection", "none", {}})) ==
        to_hex(from_hex("32 00000003 6a6f65 0000000e 7373682d636f6e6e656374696f6e 00000004 6e6f6e65")));
  CHECK(to_hex(wire::encode(UserauthFailure{wire::NameList("publickey"), true})) ==
        to_hex(from_hex("33 00000009 7075626c69636b6579 01")));
  CHECK(to_hex(wire::encode(UserauthSuccess{})) == "34");
  CHECK(to_hex(wire::encode(UserauthBanner{"hi\r\n", "en"})) == to_hex(from_hex("35 00000004 68690d0a 00000002 656e")));
  CHECK(to_hex(wire::encode(UserauthPkOk{"a", as_bytes("b")})) == to_hex(from_hex("3c 00000001 61 00000001 62")));
  CHECK(to_hex(wire::encode(UserauthPasswdChangereq{"new?", ""})) == to_hex(from_hex("3c 00000004 6e65773f 00000000")));
  CHECK(to_hex(wire::encode(PasswordFields{false, "pw"})) == to_hex(from_hex("00 00000002 7077")));
  CHECK(to_hex(wire::encode(PasswordChangeFields{true, "pw", "pv"})) ==
        to_hex(from_hex("01 00000002 7077 00000002 7076")));
  CHECK(to_hex(wire::encode(
            PublicKeySignedData{as_bytes("id"), 50, "joe", "ssh-connection", "publickey", true, "a", as_bytes("b")})) ==
        to_hex(from_hex("00000002 6964 32 00000003 6a6f65 0000000e 7373682d636f6e6e656374696f6e"
                        "00000009 7075626c69636b6579 01 00000001 61 00000001 62")));
}
