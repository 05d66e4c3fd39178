#include "hawser/crypto/random.h"

#include <doctest/doctest.h>

#include <array>
#include <set>

#include "support/counting_allocator.h"

using namespace hawser;
using namespace hawser::crypto;

TEST_CASE("system random: no 16 bytes are given twice, be they asked for in small or large pieces") {
  const auto random = system_random();
  std::set<ByteVector> seen;
  for (const std::size_t size : {std::size_t{16}, std::size_t{31}, std::size_t{32}, std::size_t{4096}}) {
    for (int i = 0; i < 200; ++i) {
      ByteVector bytes(size);
      random->fill(bytes);
      for (std::size_t at = 0; at + 16 <= size; at += 16) {
        CHECK(seen.insert(to_vector(Bytes(bytes).subspan(at, 16))).second);
      }
    }
  }
}

TEST_CASE("system random: two generators differ, and an empty request is allowed") {
  ByteVector a(16), b(16);
  const auto first = system_random(), second = system_random();
  first->fill({});
  first->fill(a);
  second->fill(b);
  CHECK(a != b);
}

TEST_CASE("system random: every bit of a small request is drawn") {
  const auto random = system_random();
  ByteVector ones(7), zeros(7, 0xff);
  for (int i = 0; i < 100; ++i) {
    ByteVector bytes(7);
    random->fill(bytes);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      ones[at] |= bytes[at];
      zeros[at] &= bytes[at];
    }
  }
  CHECK(ones == ByteVector(7, 0xff));
  CHECK(zeros == ByteVector(7));
}

TEST_CASE("system random: padding of a packet takes no memory from the heap") {
  const auto random = system_random();
  std::array<std::uint8_t, 19> padding;
  random->fill(padding);
  const hawser::test::AllocationCounter allocations;
  for (int i = 0; i < 50; ++i) random->fill(padding);
  CHECK(allocations.count() == 0);
}
