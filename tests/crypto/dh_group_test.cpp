#include "hawser/crypto/dh_group.h"

#include <doctest/doctest.h>

#include "hawser/crypto/hash.h"
#include "support/fixed_random.h"
#include "vectors.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

// A line of groups.txt.
ByteVector number(const std::string& name) {
  for (const auto& line : vector_table("groups.txt")) {
    if (line.at(0) == name) return from_hex(line.at(1));
  }
  throw std::runtime_error("no such number: " + name);
}

// A number of this many bits that ends in `last`.
ByteVector of_bits(std::size_t bits, std::uint8_t last) {
  ByteVector bytes((bits + 7) / 8, 0x5a);
  bytes.front() = static_cast<std::uint8_t>(1 << (bits - 1) % 8);
  bytes.back() = last;
  return bytes;
}

ByteVector changed(ByteVector bytes, std::size_t index, int by) {
  bytes.at(index) = static_cast<std::uint8_t>(bytes.at(index) + by);
  return bytes;
}

// Counts what is drawn: a test of primality draws its bases.
class CountingRandom final : public Random {
 public:
  void fill(MutableBytes output) override {
    bytes += output.size();
    random_.fill(output);
  }
  std::size_t bytes = 0;

 private:
  FixedRandom random_;
};

Errc check(const DhGroup& group, const GroupRequest& asked = {}) {
  FixedRandom random;
  const Result<void> checked = check_group(group, asked, random);
  return checked ? Errc::ok : checked.error().code();
}

}  // namespace

TEST_CASE("dh group: those of RFC 3526 are what its formulas give") {
  // SHA-256 of each prime, from the formulas (make_modp_vectors.py).
  const std::pair<std::size_t, const char*> rows[] = {
      {2048, "d66436f79bbd6b2e38c0ffbd079be904d2641415e2e67140e09448be9a60890e"},
      {3072, "48cf8b092fbce4359d9871abf74f98e25b6163379eaa15cd9087e800c6d1c55c"},
      {4096, "4ee95187682bcb230ad26a95205f6920e84708f6251b3894329b09ec23919e33"},
      {6144, "d1bfe6d0925ce7e4da262b62861514a7755e35831e429f343e7b864848657efd"},
      {8192, "39ab4feab950a3128fb71accb9fc3965d857012e081998a85996e3ea8b3c3bcf"},
  };
  for (const auto& [bits, digest] : rows) {
    const std::optional<DhGroup> group = rfc3526_group(bits);
    REQUIRE(group);
    CHECK(group->bits() == bits);
    CHECK(group->g == ByteVector{2});
    CHECK(to_hex(Hash(HashAlgorithm::sha256).update(group->p).finish()) == digest);
  }
  for (const std::size_t bits : {0u, 1536u, 2047u, 7680u, 16384u}) CHECK_FALSE(rfc3526_group(bits));
}

TEST_CASE("dh group: a request is for a prime as strong as the ciphers, within what RFC 8270 and RFC 4419 allow") {
  const std::pair<std::size_t, std::uint32_t> rows[] = {{112, 2048}, {128, 3072}, {192, 7680}, {256, 8192}};
  for (const auto& [strength, n] : rows) {
    const GroupRequest request = request_for_strength(strength);
    CHECK(request.min == 2048);
    CHECK(request.n == n);
    CHECK(request.max == 8192);
    CHECK(request.in_order());
  }
}

TEST_CASE("dh group: a client takes safe primes of the sizes it asked for, with a generator in range (RFC 4419 §3)") {
  const ByteVector good = number("safe-2048");
  const ByteVector p_minus_1 = changed(good, good.size() - 1, -1);
  const struct {
    std::string what;
    DhGroup group;
    Errc result;
  } rows[] = {
      {"safe prime", {good, {2}}, Errc::ok},
      {"safe prime, 5", {good, {5}}, Errc::ok},
      {"p - 2", {good, changed(good, good.size() - 1, -2)}, Errc::ok},
      {"RFC 3526", *rfc3526_group(2048), Errc::ok},
      {"g = 0", {good, {}}, Errc::bad_public_value},
      {"g = 1", {good, {1}}, Errc::bad_public_value},
      {"g = p - 1", {good, p_minus_1}, Errc::bad_public_value},
      {"g = p", {good, good}, Errc::bad_public_value},
      {"g longer than p", {good, ByteVector(good.size() + 1, 1)}, Errc::bad_public_value},
      {"RFC 3526, g = 1", {rfc3526_group(2048)->p, {1}}, Errc::bad_public_value},
      {"p = 0", {{}, {2}}, Errc::bad_public_value},
      {"p = 1", {{1}, {2}}, Errc::bad_public_value},
      {"p too small", {of_bits(1536, 0xff), {2}}, Errc::bad_public_value},
      {"p a bit too small", {of_bits(2047, 0xff), {2}}, Errc::bad_public_value},
      {"p too large", {of_bits(8193, 0xff), {2}}, Errc::bad_public_value},
      {"p even", {p_minus_1, {2}}, Errc::bad_public_value},
      {"p = 1 modulo 4", {changed(good, good.size() - 1, -2), {2}}, Errc::bad_public_value},
      {"p composite", {changed(good, 100, 1), {2}}, Errc::bad_public_value},
      {"p prime, (p - 1) / 2 composite", {number("only-p-2048"), {2}}, Errc::bad_public_value},
      {"(p - 1) / 2 prime, p composite", {number("only-q-2048"), {2}}, Errc::bad_public_value},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(check(row.group) == row.result);
  }
  CHECK(check({good, {2}}, {3072, 3072, 8192}) == Errc::bad_public_value);
  CHECK(check({good, {2}}, {2048, 2048, 2048}) == Errc::ok);
  CHECK(check({of_bits(3072, 0xff), {2}}, {2048, 2048, 3071}) == Errc::bad_public_value);
}

TEST_CASE("[CVE-2026-84897] dh group: a number of another size, and a group of RFC 3526, cost no test of primality") {
  const auto drawn = [](const DhGroup& group) {
    CountingRandom random;
    (void)check_group(group, {}, random).has_value();
    return random.bytes;
  };
  CHECK(drawn({number("safe-2048"), {2}}) > 0);
  CHECK(drawn({of_bits(100'000, 0xff), {2}}) == 0);
  CHECK(drawn({of_bits(8193, 0xff), {2}}) == 0);
  CHECK(drawn({of_bits(1536, 0xff), {2}}) == 0);
  for (const std::size_t bits : {2048u, 3072u, 4096u, 6144u, 8192u}) CHECK(drawn(*rfc3526_group(bits)) == 0);
}
