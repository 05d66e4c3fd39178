#include "hawser/wire/packet_chain.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <string>

#include "support/counting_allocator.h"

using namespace hawser;

namespace {

constexpr std::size_t header_size = 3;

// Packets whose data areas have the given sizes, each behind a header "HHH".
void append_packets(PacketChain& chain, std::initializer_list<std::size_t> sizes, BufferPool& pool) {
  for (const std::size_t size : sizes) {
    PacketBuffer buffer(pool, header_size + size);
    std::ranges::fill(buffer.payload(), std::uint8_t{'.'});
    std::ranges::fill(buffer.payload().first(header_size), std::uint8_t{'H'});
    chain.append(std::move(buffer), header_size);
  }
}

// The data of all packets, borders shown as '|'. Fails where a header was touched.
std::string text_of(PacketChain& chain) {
  std::string text;
  for (PacketChain::Part& part : chain.parts()) {
    CHECK(as_text(part.buffer.payload().first(part.header_size)) == "HHH");
    if (!text.empty()) text += '|';
    text += as_text(part.buffer.payload().subspan(part.header_size));
  }
  return text;
}

}  // namespace

TEST_CASE("packet chain: the room is that of the data areas, without headers") {
  const auto pool = BufferPool::create();
  PacketChain chain;
  CHECK(chain.size() == 0);
  append_packets(chain, {4, 1, 5}, *pool);
  CHECK(chain.size() == 10);
  CHECK(chain.written() == 0);
}

TEST_CASE("packet chain: writes cross the packets' borders") {
  const auto pool = BufferPool::create();
  for (std::size_t piece = 1; piece <= 10; ++piece) {
    CAPTURE(piece);
    PacketChain chain;
    append_packets(chain, {4, 1, 5}, *pool);
    Bytes rest = as_bytes("0123456789");
    while (!rest.empty()) {
      const std::size_t count = std::min(piece, rest.size());
      chain.write(rest.first(count));
      rest = rest.subspan(count);
    }
    CHECK(text_of(chain) == "0123|4|56789");
    CHECK(chain.written() == 10);
  }
}

TEST_CASE("packet chain: patch overwrites what was written and leaves the cursor") {
  const auto pool = BufferPool::create();
  PacketChain chain;
  append_packets(chain, {4, 1, 5}, *pool);
  chain.write(as_bytes("01234567"));
  chain.patch(2, as_bytes("abcd"));
  CHECK(text_of(chain) == "01ab|c|d67..");
  CHECK(chain.written() == 8);
  chain.patch(0, {});
  chain.write(as_bytes("89"));
  CHECK(text_of(chain) == "01ab|c|d6789");
}

TEST_CASE("packet chain: areas are the memory at the cursor, advance moves past them") {
  const auto pool = BufferPool::create();
  PacketChain chain;
  append_packets(chain, {4, 1, 5}, *pool);
  chain.write(as_bytes("01"));
  const std::span<const MutableBytes> areas = chain.areas(6);
  REQUIRE(areas.size() == 3);
  CHECK(areas[0].size() == 2);
  CHECK(areas[1].size() == 1);
  CHECK(areas[2].size() == 3);
  for (const MutableBytes area : areas) std::ranges::fill(area, std::uint8_t{'f'});
  chain.advance(6);
  chain.write(as_bytes("9"));
  CHECK(text_of(chain) == "01ff|f|fff9.");
  CHECK(chain.areas(0).empty());
}

TEST_CASE("packet chain: cut to what is written, packets that hold nothing are dropped") {
  const std::pair<std::size_t, const char*> rows[] = {
      {0, ""},       {1, "0"},        {3, "012"},         {4, "0123"},
      {5, "0123|4"}, {6, "0123|4|5"}, {9, "0123|4|5678"}, {10, "0123|4|56789"},
  };
  for (const auto& [written, expected] : rows) {
    CAPTURE(written);
    const auto pool = BufferPool::create();
    PacketChain chain;
    append_packets(chain, {4, 1, 5}, *pool);
    chain.write(as_bytes("0123456789").first(written));
    chain.truncate_to_written();
    CHECK(text_of(chain) == expected);
    CHECK(chain.size() == written);
    CHECK(chain.written() == written);
    CHECK(pool->stats().blocks_in_use == chain.parts().size());
  }
}

TEST_CASE("packet chain: a packet without room between others is crossed") {
  const auto pool = BufferPool::create();
  PacketChain chain;
  append_packets(chain, {2, 0, 2}, *pool);
  chain.write(as_bytes("abcd"));
  CHECK(text_of(chain) == "ab||cd");
}

TEST_CASE("packet chain: cleared, it is used again without allocating") {
  const auto pool = BufferPool::create();
  PacketChain chain;
  const auto reply = [&] {
    append_packets(chain, {100, 100}, *pool);
    chain.write(as_bytes("header"));
    chain.areas(150);
    chain.advance(150);
    chain.truncate_to_written();
    chain.clear();
  };
  reply();
  const test::AllocationCounter allocations;
  reply();
  const std::size_t taken = allocations.count();
  CHECK(taken == 0);
  CHECK(chain.size() == 0);
  CHECK(chain.written() == 0);
  CHECK(chain.parts().empty());
}
