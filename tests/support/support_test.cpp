// The helpers of this folder, since every other test believes them.
#include <doctest/doctest.h>

#include <new>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/counting_allocator.h"
#include "support/fixed_random.h"
#include "support/flip.h"
#include "support/hex.h"

using namespace hawser;
using namespace hawser::test;

TEST_CASE("allocation counter: sees every form of new, on its own thread only") {
  constexpr std::align_val_t wide{128};
  const AllocationCounter counter;
  // Called by name, since a compiler may leave out a new-expression whose result is not used.
  ::operator delete(::operator new(4));
  const std::size_t plain = counter.count();
  ::operator delete(::operator new(128, wide), wide);
  const std::size_t aligned = counter.count();
  ::operator delete[](::operator new[](40));
  const std::size_t array = counter.count();
  ::operator delete(::operator new(5, std::nothrow), std::nothrow);
  const std::size_t nothrow = counter.count();
  const std::size_t bytes = counter.bytes();
  CHECK(plain == 1);
  CHECK(aligned == 2);
  CHECK(array == 3);
  CHECK(nothrow == 4);
  CHECK(bytes == 4 + 128 + 40 + 5);

  std::size_t seen = 1;
  std::thread other([&] {
    const AllocationCounter there;
    seen = there.count();
    const ByteVector noise(1000);
  });
  const AllocationCounter here;
  other.join();
  const std::size_t after = here.count();
  CHECK(seen == 0);
  CHECK(after == 0);
}

TEST_CASE("allocation failure: the one that is planned fails, and no other") {
  const auto three = [] {
    for (int i = 0; i != 3; ++i) ::operator delete(::operator new(4));
  };
  for (std::size_t n = 0; n != 3; ++n) CHECK(with_allocation_failure(n, three) == FailureOutcome::threw);
  CHECK(with_allocation_failure(3, three) == FailureOutcome::none);
  const auto handled = [] { CHECK(::operator new(1, std::nothrow) == nullptr); };
  CHECK(with_allocation_failure(0, handled) == FailureOutcome::went_on);
  three();
}

TEST_CASE("fixed random: the same seed gives the same bytes, whatever the sizes asked for") {
  FixedRandom first(7);
  FixedRandom second(7);
  const ByteVector whole = first.bytes(64);
  ByteVector pieces(64);
  second.fill(MutableBytes(pieces).first(10));
  second.fill(MutableBytes(pieces).subspan(10));
  CHECK(whole == pieces);
  CHECK(FixedRandom(8).bytes(64) != whole);
  CHECK(std::set<std::uint8_t>(whole.begin(), whole.end()).size() > 32);
}

TEST_CASE("flip: each kind of damage is done once at each place") {
  const ByteVector original = from_hex("00ff42");
  std::set<ByteVector> seen;
  const auto note = [&](Bytes damaged, std::size_t) { seen.insert(to_vector(damaged)); };

  for_each_bit_flip(original, note);
  CHECK(seen.size() == 24);
  CHECK_FALSE(seen.contains(original));

  seen.clear();
  for_each_byte_set(original, note);
  CHECK(seen.size() == 4 + 4 + 5);
  CHECK_FALSE(seen.contains(original));

  std::vector<std::size_t> sizes;
  for_each_truncation(original, [&](Bytes damaged) { sizes.push_back(damaged.size()); });
  CHECK(sizes == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("hex: reads what sources print and refuses what is no hex") {
  CHECK(from_hex("00 0A\n ff") == ByteVector{0, 10, 255});
  CHECK(from_hex("").empty());
  CHECK(to_hex(from_hex("000aff")) == "000aff");
  CHECK_THROWS_AS(from_hex("0"), std::invalid_argument);
  CHECK_THROWS_AS(from_hex("0g"), std::invalid_argument);
}
