// The hybrids of ML-KEM and a curve. The tests are of the rows that there are: without ML-KEM in the crypto library
// there are none. That the parts are put together as others do it is tested with OpenSSH (tests/interop).
#include <doctest/doctest.h>

#include "answer_to.h"
#include "hawser/crypto/hash.h"
#include "hawser/crypto/key_agreement.h"
#include "hawser/wire/writer.h"
#include "support/fixed_random.h"
#include "support/hex.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

struct Hybrid {
  std::string_view name;
  std::size_t kem_key, ciphertext, curve;  // sizes of public values
};

// FIPS 203 table 3; RFC 8731, RFC 5656.
constexpr Hybrid hybrids[] = {
    {"mlkem768x25519-sha256", 1184, 1088, 32},
    {"mlkem768nistp256-sha256", 1184, 1088, 65},
    {"mlkem1024nistp384-sha384", 1568, 1568, 97},
};

template <class Use>
void for_each_hybrid(Use use) {
  for (const Hybrid& hybrid : hybrids) {
    CAPTURE(hybrid.name);
    if (const KexRow* row = find_kex(hybrid.name)) use(hybrid, *row);
  }
}

ByteVector client_value(const KexRow& row) {
  FixedRandom random(3);
  return *make_key_agreement(row, random)->client_start();
}

// A client that has started, and a server's answer to it.
struct HybridExchange {
  explicit HybridExchange(const KexRow& row) : client(make_key_agreement(row, random)) {
    AgreedSecret agreed = *make_key_agreement(row, random)->server_respond(*client->client_start());
    value = std::move(agreed.public_value);
    secret = std::move(agreed.shared_secret);
  }
  Errc finish_with(Bytes server_value) const {
    const auto finished = client->client_finish(server_value);
    return finished ? Errc::ok : finished.error().code();
  }

  FixedRandom random;
  std::unique_ptr<KeyAgreement> client;
  ByteVector value;
  SecretBytes secret;
};

}  // namespace

TEST_CASE("ml-kem hybrids: all three are there, or none; the one with X25519 comes before all others") {
  std::size_t there = 0;
  for_each_hybrid([&](const Hybrid&, const KexRow& row) {
    ++there;
    CHECK((row.offer == Offer::by_default) == (row.name == "mlkem768x25519-sha256"));
  });
  CHECK((there == 0 || there == 3));
  CHECK((AlgorithmPolicy::modern().kex.front() == "mlkem768x25519-sha256") == (there == 3));
}

TEST_CASE("ml-kem hybrids: values are of the draft's sizes, and K is a string as long as the hash") {
  for_each_hybrid([](const Hybrid& hybrid, const KexRow& row) {
    CHECK(client_value(row).size() == hybrid.kem_key + hybrid.curve);
    const HybridExchange exchange(row);
    CHECK(exchange.value.size() == hybrid.ciphertext + hybrid.curve);
    const auto finished = exchange.client->client_finish(exchange.value);
    REQUIRE(finished);
    CHECK(equal(finished->view(), exchange.secret.view()));
    REQUIRE(finished->size() == 4 + hash_size(row.hash));
    CHECK(wire::load_uint32(finished->view().data()) == hash_size(row.hash));
  });
}

TEST_CASE("[CVE-2026-59842] ml-kem hybrids: values of any other size are refused") {
  for_each_hybrid([](const Hybrid& hybrid, const KexRow& row) {
    const ByteVector good = client_value(row);
    const HybridExchange exchange(row);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, hybrid.curve, hybrid.kem_key - 1, hybrid.kem_key,
                                   good.size() - 1, good.size() + 1, std::size_t{35'000}}) {
      ByteVector value = good;
      value.resize(size, 4);
      CHECK(answer_to(row, value) == Errc::bad_public_value);
    }
    for (const std::size_t size : {std::size_t{0}, hybrid.ciphertext - 1, hybrid.ciphertext, exchange.value.size() - 1,
                                   exchange.value.size() + 1, std::size_t{35'000}}) {
      ByteVector value = exchange.value;
      value.resize(size, 4);
      CHECK(HybridExchange(row).finish_with(value) == Errc::bad_public_value);
    }
    CHECK(answer_to(row, good) == Errc::ok);
  });
}

TEST_CASE(
    "ml-kem hybrids: an encapsulation key out of range, and a bad value of the curve, are refused (FIPS 203 §7.2)") {
  for_each_hybrid([](const Hybrid& hybrid, const KexRow& row) {
    ByteVector key = client_value(row);
    key[0] = 0xff;  // the first coefficient becomes 0xfff, beyond q = 3329
    key[1] |= 0x0f;
    CHECK(answer_to(row, key) == Errc::bad_public_value);
    ByteVector point = client_value(row);
    std::fill(point.begin() + static_cast<std::ptrdiff_t>(hybrid.kem_key), point.end(), std::uint8_t{0});
    CHECK(answer_to(row, point) == Errc::bad_public_value);
    const HybridExchange exchange(row);
    ByteVector answer = exchange.value;
    std::fill(answer.begin() + static_cast<std::ptrdiff_t>(hybrid.ciphertext), answer.end(), std::uint8_t{0});
    CHECK(exchange.finish_with(answer) == Errc::bad_public_value);
  });
}

TEST_CASE(
    "ml-kem hybrids: each part of a value counts: a change of either gives another secret, or none (FIPS 203 §6.3)") {
  for_each_hybrid([](const Hybrid& hybrid, const KexRow& row) {
    for (const std::size_t at : {std::size_t{0}, hybrid.ciphertext - 1, hybrid.ciphertext + 5}) {
      const HybridExchange exchange(row);
      ByteVector value = exchange.value;
      value[at] ^= 1;
      const auto finished = exchange.client->client_finish(value);
      if (at < hybrid.ciphertext || hybrid.curve == 32) REQUIRE(finished);
      if (finished) CHECK_FALSE(equal(finished->view(), exchange.secret.view()));
    }
  });
}
