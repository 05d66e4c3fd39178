#include "hawser/wire/packet_buffer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "hawser/wire/limits.h"

using namespace hawser;

static_assert(!std::is_copy_constructible_v<PacketBuffer> && !std::is_copy_assignable_v<PacketBuffer>,
              "send memory has exactly one owner");

TEST_CASE("packet buffer: the payload has the size asked for and is aligned for the ciphers") {
  const auto pool = BufferPool::create();
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{35000}, std::size_t{limits::packet_length}}) {
    CAPTURE(size);
    PacketBuffer buffer(*pool, size);
    CHECK(buffer);
    CHECK(buffer.size() == size);
    CHECK(buffer.payload().size() == size);
    CHECK(std::as_const(buffer).payload().data() == buffer.payload().data());
    CHECK(reinterpret_cast<std::uintptr_t>(buffer.payload().data()) % 16 == 0);
  }
}

TEST_CASE("packet buffer: the largest packet has room for its length field, the most padding and the longest tag") {
  const auto pool = BufferPool::create();
  PacketBuffer buffer(*pool, limits::packet_length);
  const MutableBytes whole = buffer.extended(5, limits::maximum_padding + 64);
  CHECK(whole.size() == 5 + limits::packet_length + limits::maximum_padding + 64);
  CHECK(whole.data() + 5 == buffer.payload().data());
  std::memset(whole.data(), 0, whole.size());
}

TEST_CASE("packet buffer: shrink keeps the front") {
  const auto pool = BufferPool::create();
  PacketBuffer buffer(*pool, 10);
  const std::uint8_t* front = buffer.payload().data();
  buffer.shrink(4);
  CHECK(buffer.size() == 4);
  CHECK(buffer.payload().data() == front);
  buffer.shrink(0);
  CHECK(buffer.payload().empty());
}

TEST_CASE("packet buffer: remove_prefix gives the room to the head") {
  const auto pool = BufferPool::create();
  PacketBuffer buffer(*pool, 10);
  std::ranges::fill(buffer.payload(), std::uint8_t{7});
  std::uint8_t* front = buffer.payload().data();
  buffer.remove_prefix(9);
  CHECK(buffer.size() == 1);
  CHECK(buffer.payload().data() == front + 9);
  CHECK(buffer.payload()[0] == 7);
  CHECK(buffer.extended(PacketBuffer::head_room + 9, 0).data() == front - PacketBuffer::head_room);
}

TEST_CASE("packet buffer: moving it moves the block and leaves nothing behind") {
  const auto pool = BufferPool::create();
  PacketBuffer first(*pool, 10);
  first.payload()[0] = 42;
  PacketBuffer second(std::move(first));
  CHECK_FALSE(first);
  CHECK(first.size() == 0);
  CHECK(second.payload()[0] == 42);
  PacketBuffer third;
  CHECK_FALSE(third);
  third = std::move(second);
  CHECK_FALSE(second);
  CHECK(second.size() == 0);
  CHECK(third.size() == 10);
  CHECK(pool->stats().blocks_in_use == 1);
  third = PacketBuffer();
  CHECK(pool->stats().blocks_in_use == 0);
}
