#include "hawser/crypto/secret.h"

#include <doctest/doctest.h>

using namespace hawser;
using namespace hawser::crypto;

TEST_CASE("secret: wipe overwrites every byte") {
  ByteVector bytes(100, 0xaa);
  wipe(MutableBytes(bytes).subspan(1, 98));
  CHECK(bytes.front() == 0xaa);
  CHECK(bytes.back() == 0xaa);
  for (const std::uint8_t byte : MutableBytes(bytes).subspan(1, 98)) CHECK(byte == 0);
  wipe({});
}

TEST_CASE("secret: constant_time_equal compares length and every bit") {
  const ByteVector a(43, 0x5c);  // words, and bytes behind them
  CHECK(constant_time_equal(a, ByteVector(43, 0x5c)));
  CHECK(constant_time_equal({}, {}));
  CHECK_FALSE(constant_time_equal(a, Bytes(a).first(42)));
  for (std::size_t bit = 0; bit < 8 * a.size(); ++bit) {
    ByteVector b = a;
    b[bit / 8] = static_cast<std::uint8_t>(b[bit / 8] ^ (1u << (bit % 8)));
    CHECK_FALSE(constant_time_equal(a, b));
  }
}

TEST_CASE("secret bytes: moving leaves nothing behind, clone copies") {
  SecretBytes a(ByteVector{1, 2, 3});
  SecretBytes b = a.clone();
  CHECK(equal(a.view(), b.view()));
  SecretBytes c = std::move(a);
  CHECK(c.size() == 3);
  CHECK(a.empty());  // NOLINT(bugprone-use-after-move): what is under test
  b = std::move(c);
  CHECK(equal(b.view(), ByteVector{1, 2, 3}));
  CHECK(c.empty());  // NOLINT(bugprone-use-after-move)
}
