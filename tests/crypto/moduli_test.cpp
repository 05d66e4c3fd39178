#include "hawser/crypto/moduli.h"

#include <doctest/doctest.h>

#include <set>

#include "support/fixed_random.h"
#include "support/hex.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

// A number of this many bits that could be a safe prime, as far as its last digit tells; `which` makes it another one.
std::string modulus(std::size_t bits, int which = 0) {
  ByteVector bytes((bits + 7) / 8, static_cast<std::uint8_t>(0x5a + which));
  bytes.front() = static_cast<std::uint8_t>(1 << (bits - 1) % 8);
  bytes.back() = 0xff;
  return to_hex(bytes);
}

std::string line(std::size_t bits, int which = 0) {
  return "20240101000000 2 6 100 " + std::to_string(bits - 1) + " 2 " + modulus(bits, which) + "\n";
}

const DhGroup* chosen(const Moduli& moduli, std::uint32_t min, std::uint32_t n, std::uint32_t max,
                      std::uint64_t seed = 1) {
  FixedRandom random(seed);
  return moduli.choose({min, n, max}, random);
}

std::size_t chosen_bits(const Moduli& moduli, std::uint32_t min, std::uint32_t n, std::uint32_t max) {
  const DhGroup* group = chosen(moduli, min, n, max);
  return group == nullptr ? 0 : group->bits();
}

constexpr std::size_t own = 5;  // of RFC 3526

}  // namespace

TEST_CASE("moduli: without a file there are the groups of RFC 3526, from 2048 to 8192 bits") {
  const Moduli moduli = Moduli::built_in();
  CHECK(moduli.size() == own);
  CHECK(moduli.warnings().empty());
  for (const std::uint32_t bits : {2048u, 3072u, 4096u, 6144u, 8192u}) {
    CHECK(*chosen(moduli, bits, bits, bits) == *rfc3526_group(bits));
  }
}

TEST_CASE("moduli: a file in the form of moduli(5) adds its groups to those of RFC 3526") {
  const Result<Moduli> moduli =
      Moduli::from_text("# Time Type Tests Tries Size Generator Modulus\n\n   \n" + line(2048) + line(7680) +
                        "20240101000000\t2\t6\t100\t4095\t5\t" + modulus(4096) + "\r\n" +
                        // without a last newline, in capitals, with another test and a long generator
                        "0 2 8 1 3071 1F 00" + modulus(3072));
  REQUIRE(moduli);
  CHECK(moduli->warnings().empty());
  CHECK(moduli->size() == own + 4);
  CHECK(chosen_bits(*moduli, 7000, 7000, 8000) == 7680);
  std::set<std::string> generators;
  for (std::uint64_t seed = 0; seed != 50; ++seed) {
    generators.insert(to_hex(chosen(*moduli, 3072, 3072, 3072, seed)->g));
    const DhGroup* group = chosen(*moduli, 4096, 4096, 4096, seed);
    if (group->g == ByteVector{5}) CHECK(to_hex(group->p) == modulus(4096));
  }
  CHECK(generators == std::set<std::string>{"02", "1f"});
}

TEST_CASE("moduli: a line that contradicts itself is skipped, with its number and the reason") {
  const std::string m = modulus(2048);
  const struct {
    std::string line;
    const char* why;
  } rows[] = {
      {"0 2 6 100 2047 2", "it has fewer than seven fields"},
      {"moduli", "it has fewer than seven fields"},
      {"0 2 6 100 2047 2 " + m + " more", "it has more than seven fields"},
      {"0 two 6 100 2047 2 " + m, "type: not a number"},
      {"0 2 -6 100 2047 2 " + m, "tests: not a number"},
      {"0 2 6 1e2 2047 2 " + m, "trials: not a number"},
      {"0 2 6 100 99999999999 2 " + m, "size: not a number"},
      {"0 2 6 100 2047 0x2 " + m, "generator: not a hexadecimal number"},
      {"0 2 6 100 2047 0 " + m, "generator: less than 2"},
      {"0 2 6 100 2047 1 " + m, "generator: less than 2"},
      {"0 2 6 100 2047 2 0x" + m, "modulus: not a hexadecimal number"},
      {"0 2 6 100 2047 2 " + m.substr(1) + "g", "modulus: not a hexadecimal number"},
      {"0 2 6 100 2047 2 0", "modulus: not a hexadecimal number"},
      {"0 2 6 100 2048 2 " + m, "modulus: not of its size"},
      {"0 2 6 100 2047 2 " + m.substr(2), "modulus: not of its size"},
      {"0 2 6 100 2047 2 " + std::string(100'000, 'f'), "modulus: longer than its size"},
      {"0 2 6 100 2047 2 " + m.substr(0, m.size() - 1) + "e", "modulus: no safe prime"},
      {"0 2 6 100 2047 2 " + m.substr(0, m.size() - 1) + "d", "modulus: no safe prime"},
      {std::string("0 2 6 100 2047 2 \0", 18) + m, "modulus: not a hexadecimal number"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line.substr(0, 60));
    const Result<Moduli> moduli = Moduli::from_text("# first\n" + row.line + "\n" + line(2048));
    REQUIRE(moduli);
    CHECK(moduli->size() == own + 1);
    REQUIRE(moduli->warnings().size() == 1);
    CHECK(moduli->warnings()[0] == std::string("line 2 is skipped: ") + row.why);
  }
}

TEST_CASE("moduli: lines that are in order, and not for us, count for nothing; a file of nothing else is an error") {
  const std::string m = modulus(2048);
  for (const std::string& other : {
           std::string(), std::string("# only a comment\n"),
           "0 4 6 100 2047 2 " + m,                 // ssh-keygen's candidates: Sophie Germain primes
           "0 0 6 100 2047 2 " + m,                 // of unknown type
           "0 2 0 100 2047 2 " + m,                 // never tested
           "0 2 2 100 2047 2 " + m,                 // only sieved
           "0 2 6 0 2047 2 " + m,                   // tested no times
           "0 2 7 100 2047 2 " + m,                 // found to be composite
           "0 2 6 100 2046 2 " + modulus(2047),     // too small (RFC 8270)
           "0 2 6 100 1023 2 " + modulus(1024),     //
           "0 2 6 100 8192 2 " + modulus(8193),     // too large
           "0 2 6 100 99999 2 " + modulus(100000),  //
       }) {
    CAPTURE(other.substr(0, 40));
    const Result<Moduli> alone = Moduli::from_text(other);
    REQUIRE_FALSE(alone);
    CHECK(alone.error().code() == Errc::bad_value);
    const Result<Moduli> moduli = Moduli::from_text(other + "\n" + line(2048));
    REQUIRE(moduli);
    CHECK(moduli->size() == own + 1);
    CHECK(moduli->warnings().empty());
  }
}

TEST_CASE("moduli: the smallest size that is not below n, else the largest, within min and max (RFC 4419 §3)") {
  const Moduli moduli = *Moduli::from_text(line(7680) + line(2056));
  const struct {
    std::uint32_t min, n, max;
    std::size_t bits;
  } rows[] = {
      {2048, 2048, 8192, 2048},
      {1024, 1024, 8192, 2048},
      {2048, 2049, 8192, 2056},
      {2048, 2057, 8192, 3072},
      {2048, 3072, 8192, 3072},
      {2048, 7680, 8192, 7680},
      {2048, 7681, 8192, 8192},
      {2048, 8192, 8192, 8192},
      {2048, 16384, 16384, 8192},
      {2048, 4000, 4000, 3072},
      {2048, 2052, 2052, 2048},
      {4096, 4096, 4096, 4096},
      {1024, 1024, 1024, 0},
      {1024, 2047, 2047, 0},
      {4097, 4097, 6143, 0},
      {8193, 8193, 0xffffffff, 0},
      {0, 0, 0, 0},
      {0, 0, 0xffffffff, 2048},
      {0xffffffff, 0xffffffff, 0xffffffff, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.min);
    CAPTURE(row.n);
    CAPTURE(row.max);
    CHECK(chosen_bits(moduli, row.min, row.n, row.max) == row.bits);
  }
}

TEST_CASE("moduli: of several groups of one size each is chosen at times") {
  std::string text;
  for (int which = 0; which != 4; ++which) text += line(2048, which);
  const Moduli moduli = *Moduli::from_text(text);
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed != 200; ++seed) {
    const DhGroup* group = chosen(moduli, 2048, 2048, 8192, seed);
    REQUIRE(group->bits() == 2048);
    seen.insert(to_hex(group->p));
  }
  CHECK(seen.size() == 5);
}
