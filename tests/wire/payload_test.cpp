#include "hawser/wire/payload.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "support/counting_allocator.h"
#include "support/fixed_random.h"
#include "support/hex.h"

using namespace hawser;
using namespace hawser::test::literals;

namespace {

Payload payload_of(Bytes bytes, BufferPool& pool) { return Payload::copy_of(bytes, pool); }

// "0123456789" in pieces of the given sizes.
PayloadChain digits_in(std::initializer_list<std::size_t> sizes, BufferPool& pool) {
  PayloadChain chain;
  Bytes rest = as_bytes("0123456789");
  for (const std::size_t size : sizes) {
    chain.append(payload_of(rest.first(size), pool));
    rest = rest.subspan(size);
  }
  return chain;
}

std::string text_of(const PayloadChain& chain) { return to_string(chain.to_vector()); }

}  // namespace

TEST_CASE("payload: a copy of a payload keeps the block, not the bytes, a second time") {
  const auto pool = BufferPool::create();
  Payload first = Payload::copy_of("010203"_hex, *pool);
  const Payload second = first;
  CHECK(first.bytes().data() == second.bytes().data());
  CHECK(pool->stats().blocks_in_use == 1);
  first = Payload();
  CHECK(equal(second.bytes(), "010203"_hex));
  CHECK(pool->stats().blocks_in_use == 1);
}

TEST_CASE("payload: a copied-out payload is independent of the bytes it came from") {
  const auto pool = BufferPool::create();
  ByteVector source = "010203"_hex;
  const Payload copy = Payload::copy_of(source, *pool);
  source[0] = 9;
  CHECK(copy.bytes()[0] == 1);
  CHECK(Payload::copy_of({}, *pool).empty());
}

TEST_CASE("payload: subspan and remove_prefix move the view and keep the block") {
  const auto pool = BufferPool::create();
  Payload payload = Payload::copy_of("0102030405"_hex, *pool);
  Payload middle = payload.subspan(1, 3);
  payload = Payload();
  CHECK(equal(middle.bytes(), "020304"_hex));
  CHECK(equal(middle.subspan(2).bytes(), "04"_hex));
  middle.remove_prefix(1);
  CHECK(equal(middle.bytes(), "0304"_hex));
  middle.remove_prefix(2);
  CHECK(middle.empty());
}

TEST_CASE("payload: wiping overwrites the received bytes themselves, and no neighbours") {
  const auto pool = BufferPool::create();
  const Payload whole = payload_of("0102030405"_hex, *pool);
  const Payload copy = whole.subspan(1, 3);
  Payload(copy).wipe();
  CHECK(test::to_hex(whole.bytes()) == "0100000005");
  CHECK(test::to_hex(copy.bytes()) == "000000");
  Payload().wipe();
  whole.subspan(5).wipe();
  CHECK(test::to_hex(whole.bytes()) == "0100000005");
}

TEST_CASE("payload chain: pieces are one string") {
  const auto pool = BufferPool::create();
  const PayloadChain chain = digits_in({3, 1, 6}, *pool);
  CHECK(chain.size() == 10);
  CHECK_FALSE(chain.empty());
  CHECK(chain.pieces().size() == 3);
  CHECK(text_of(chain) == "0123456789");
}

TEST_CASE("payload chain: an empty piece is no piece") {
  PayloadChain chain;
  chain.append(Payload());
  CHECK(chain.pieces().empty());
  CHECK(chain.empty());
}

TEST_CASE("payload chain: a piece that there was no memory for is not counted") {
  const auto pool = BufferPool::create();
  PayloadChain chain;
  const Payload piece = payload_of("01"_hex, *pool);
  CHECK(test::with_allocation_failure(0, [&] { chain.append(piece); }) == test::FailureOutcome::threw);
  CHECK(chain.empty());
  CHECK(chain.pieces().empty());
  chain.append(piece);
  CHECK(chain.size() == 1);
}

TEST_CASE("payload chain: consume drops bytes from the front, across pieces, and lets go of the blocks") {
  for (std::size_t count = 0; count <= 10; ++count) {
    CAPTURE(count);
    const auto pool = BufferPool::create();
    PayloadChain chain = digits_in({3, 1, 4, 2}, *pool);
    chain.consume(count);
    CHECK(text_of(chain) == std::string("0123456789").substr(count));
    CHECK(chain.size() == 10 - count);
    CHECK(chain.pieces().size() == pool->stats().blocks_in_use);
    const std::size_t left = count < 3 ? 4 : count < 4 ? 3 : count < 8 ? 2 : count < 10 ? 1 : 0;
    CHECK(chain.pieces().size() == left);
  }
}

TEST_CASE("payload chain: copy_to takes any stretch across the pieces") {
  const auto pool = BufferPool::create();
  PayloadChain chain = digits_in({2, 3, 1, 4}, *pool);
  const std::string all = "0123456789";
  for (std::size_t offset = 0; offset <= 11; ++offset) {
    for (std::size_t size = 0; size <= 11; ++size) {
      ByteVector out(size, 'x');
      const std::size_t copied = chain.copy_to(offset, out);
      const std::string expected = offset < all.size() ? all.substr(offset, size) : "";
      CHECK(copied == expected.size());
      CHECK(to_string(Bytes(out).first(copied)) == expected);
      CHECK(std::all_of(out.begin() + static_cast<std::ptrdiff_t>(copied), out.end(), [](auto b) { return b == 'x'; }));
    }
  }
}

TEST_CASE("payload chain: slice shares any stretch across the pieces") {
  const auto pool = BufferPool::create();
  PayloadChain chain = digits_in({2, 3, 1, 4}, *pool);
  for (std::size_t offset = 0; offset <= 10; ++offset) {
    for (std::size_t size = 0; size <= 10 - offset; ++size) {
      PayloadChain out;
      chain.slice(offset, size, out);
      CHECK(text_of(out) == std::string("0123456789").substr(offset, size));
    }
  }
  CHECK(pool->stats().blocks_in_use == 4);
  PayloadChain kept;
  chain.slice(1, 2, kept);
  chain.clear();
  CHECK(text_of(kept) == "12");
  CHECK(pool->stats().blocks_in_use == 2);
}

TEST_CASE("payload chain: appending a chain shares its pieces") {
  const auto pool = BufferPool::create();
  PayloadChain first = digits_in({4}, *pool);
  first.append(digits_in({1, 2}, *pool));
  CHECK(text_of(first) == "0123012");
  CHECK(first.pieces().size() == 3);
}

TEST_CASE("payload chain: is the same string as a plain one through any order of calls") {
  const auto pool = BufferPool::create();
  for (std::uint64_t seed = 1; seed != 30; ++seed) {
    test::FixedRandom random(seed);
    PayloadChain chain;
    std::string expected;
    for (int step = 0; step != 200; ++step) {
      if (random.below(3) != 0) {
        const ByteVector piece = random.bytes(random.below(9));
        chain.append(payload_of(piece, *pool));
        expected += to_string(piece);
      } else {
        const std::size_t count = random.below(expected.size() + 1);
        chain.consume(count);
        expected.erase(0, count);
      }
      REQUIRE(text_of(chain) == expected);
    }
  }
}

TEST_CASE("payload chain: steady use allocates nothing") {
  const auto pool = BufferPool::create();
  PayloadChain chain;
  const auto pass = [&](int rounds) {
    const ByteVector& bytes = *[] {
      static const ByteVector block(100, 7);
      return &block;
    }();
    for (int i = 0; i != rounds; ++i) {
      chain.append(payload_of(bytes, *pool));
      if (chain.size() > 1000) chain.consume(150);
    }
  };
  pass(1000);
  const test::AllocationCounter allocations;
  pass(1000);
  const std::size_t taken = allocations.count();
  CHECK(taken == 0);
}

TEST_CASE("payload chain: a long queue of tiny pieces costs the same per piece as a short one") {
  // A peer may fill a window with one-byte packets. The pieces must not be moved again and again: what is kept of the
  // vector's consumed front stays in proportion, which shows as a bounded number of allocations and, where it fails, as
  // a hang.
  const auto pool = BufferPool::create();
  const Payload one = payload_of("00"_hex, *pool);
  PayloadChain chain;
  for (int i = 0; i != 200'000; ++i) chain.append(one);
  const test::AllocationCounter allocations;
  for (int i = 0; i != 1'000'000; ++i) {
    chain.consume(1);
    chain.append(one);
  }
  const std::size_t taken = allocations.count();
  CHECK(taken <= 2);
  CHECK(chain.size() == 200'000);
}

TEST_CASE("payload chain: what lies side by side in one block is one piece") {
  const auto pool = BufferPool::create();
  const Payload whole = Payload::copy_of("0102030405"_hex, *pool);
  const Payload other = Payload::copy_of("0607"_hex, *pool);
  PayloadChain chain;
  chain.append(whole.subspan(0, 2));
  chain.append(whole.subspan(2, 1));
  CHECK(chain.pieces().size() == 1);
  chain.append(whole.subspan(4, 1));
  chain.append(other);
  CHECK(chain.pieces().size() == 3);
  CHECK((chain.to_vector() == "010203050607"_hex));
  chain.consume(3);
  CHECK(chain.pieces().size() == 2);
  chain.consume(3);
  chain.append(whole);
  CHECK(chain.pieces().size() == 1);
}
