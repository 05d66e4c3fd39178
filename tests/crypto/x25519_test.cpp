#include <doctest/doctest.h>

#include "hawser/crypto/key_agreement.h"
#include "scripted_random.h"
#include "support/hex.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

const KexRow& row() { return *find_kex("curve25519-sha256"); }

// Of any row; a group exchange has chosen this group.
std::unique_ptr<KeyAgreement> make_agreement(const KexRow& each, Random& random) {
  if (each.family != KexFamily::modp_exchange) return make_key_agreement(each, random);
  CHECK(make_key_agreement(each, random) == nullptr);
  return make_group_agreement(*rfc3526_group(2048), each.hash, random);
}

}  // namespace

TEST_CASE("x25519: the exchange of RFC 7748 §6.1, with K as an mpint (RFC 8731 §3.1)") {
  ScriptedRandom alice_random("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"_hex);
  ScriptedRandom bob_random("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"_hex);
  const auto alice = make_key_agreement(row(), alice_random), bob = make_key_agreement(row(), bob_random);
  const auto start = alice->client_start();
  REQUIRE(start);
  CHECK(to_hex(*start) == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  const auto answer = bob->server_respond(*start);
  REQUIRE(answer);
  CHECK(to_hex(answer->public_value) == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const std::string secret =
      "00000020"
      "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
  CHECK(to_hex(answer->shared_secret.view()) == secret);
  const auto finished = alice->client_finish(answer->public_value);
  REQUIRE(finished);
  CHECK(to_hex(finished->view()) == secret);
}

TEST_CASE("x25519: K gets a zero byte before a high bit and loses leading zeros, as every mpint (RFC 4251 §5)") {
  bool padded = false, shortened = false;
  for (std::uint64_t seed = 0; seed < 2000 && !(padded && shortened); ++seed) {
    FixedRandom random(seed);
    const auto client = make_key_agreement(row(), random), server = make_key_agreement(row(), random);
    const auto answer = server->server_respond(*client->client_start());
    REQUIRE(answer);
    const Bytes secret = answer->shared_secret.view();
    REQUIRE(secret.size() > 5);
    CHECK(secret[3] == secret.size() - 4);
    CHECK((secret[4] & 0x80) == 0);
    padded = padded || (secret[4] == 0 && secret.size() == 4 + 33);
    shortened = shortened || secret.size() < 4 + 32;
    if (secret[4] == 0) CHECK((secret[5] & 0x80) != 0);
  }
  CHECK(padded);
  CHECK(shortened);
}

TEST_CASE("[CVE-2026-59842, CVE-2026-73429] x25519: a public value that is not 32 bytes is refused (RFC 8731 §3)") {
  for (const std::size_t size : {0u, 1u, 31u, 33u, 64u}) {
    FixedRandom random;
    const auto server = make_key_agreement(row(), random);
    const auto answer = server->server_respond(ByteVector(size, 9));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code() == Errc::bad_public_value);

    const auto client = make_key_agreement(row(), random);
    REQUIRE(client->client_start());
    const auto finished = client->client_finish(ByteVector(size, 9));
    REQUIRE_FALSE(finished);
    CHECK(finished.error().code() == Errc::bad_public_value);
  }
}

TEST_CASE(
    "[CVE-2026-73429] x25519: points of low order give a zero secret and are refused (RFC 7748 §6.1, RFC 8731 §3)") {
  // The u-coordinates whose order divides 8, and their non-canonical forms (RFC 7748 §5 ignores the top bit and
  // reduces).
  const ByteVector points[] = {
      ByteVector(32),
      "0100000000000000000000000000000000000000000000000000000000000000"_hex,
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"_hex,
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"_hex,
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"_hex,  // p - 1
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"_hex,  // p
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"_hex,  // p + 1
  };
  for (const ByteVector& point : points) {
    for (const std::uint8_t top_bit : ByteVector{0x00, 0x80}) {
      ByteVector value = point;
      value[31] |= top_bit;
      FixedRandom random;
      const auto server = make_key_agreement(row(), random);
      const auto answer = server->server_respond(value);
      REQUIRE_FALSE(answer);
      CHECK(answer.error().code() == Errc::bad_public_value);
    }
  }
}

TEST_CASE("key agreement: an object serves one exchange, and a client starts before it finishes") {
  for (const KexRow& each : kex_rows()) {
    FixedRandom random;
    const auto client = make_agreement(each, random), server = make_agreement(each, random);
    const auto early = client->client_finish(ByteVector(32, 9));
    REQUIRE_FALSE(early);
    CHECK(early.error().code() == Errc::invalid_state);
    const auto answer = server->server_respond(*client->client_start());
    REQUIRE(answer);
    const auto first = client->client_finish(answer->public_value);
    REQUIRE(first);
    CHECK(equal(first->view(), answer->shared_secret.view()));
    const auto again = client->client_finish(answer->public_value);
    REQUIRE_FALSE(again);
    CHECK(again.error().code() == Errc::invalid_state);
  }
}

TEST_CASE(
    "[CVE-2022-29245] key agreement: every draw comes from the injected generator: the same seed gives the same "
    "exchange") {
  for (const KexRow& each : kex_rows()) {
    FixedRandom a(7), b(7), c(8);
    const auto same = *make_agreement(each, a)->client_start();
    CHECK(*make_agreement(each, b)->client_start() == same);
    CHECK(*make_agreement(each, c)->client_start() != same);
  }
}
