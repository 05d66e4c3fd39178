#include "hawser/net/receive_queue.h"

#include <doctest/doctest.h>

#include "hawser/net/spawn.h"
#include "support/fixed_random.h"
#include "support/run_awaitable.h"

using namespace hawser;
using namespace hawser::test;
using net::ReceiveQueue;

namespace {

constexpr std::size_t waiting_slabs = 4;
constexpr std::size_t packed_block = 36 * 1024;

// Pieces as a transport gives them out.
struct Pieces {
  // At the front of a slab of its own, which holds nothing else of this queue's.
  Payload alone(Bytes bytes) {
    BlockRef slab = pool->acquire(BufferPool::slab_size);
    std::ranges::copy(bytes, slab->data());
    const Bytes view(slab->data(), bytes.size());
    return {view, std::move(slab)};
  }

  asio::io_context io;
  std::shared_ptr<BufferPool> pool = BufferPool::create();
  ReceiveQueue queue{io.get_executor(), waiting_slabs};
};

ByteVector take_all(ReceiveQueue& queue) {
  ByteVector all;
  while (const std::optional<Payload> piece = queue.take()) {
    CHECK_FALSE(piece->empty());
    all.insert(all.end(), piece->bytes().begin(), piece->bytes().end());
  }
  return all;
}

}  // namespace

TEST_CASE_FIXTURE(Pieces,
                  "receive queue: what nobody reads keeps its bytes, a few slabs and one block, whatever its pieces") {
  constexpr std::size_t window = 2 * 1024 * 1024;
  for (const std::size_t size : {1, 100, 2047, 2048, 5000, 32768}) {
    CAPTURE(size);
    const ByteVector sent = FixedRandom(size).bytes(size == 1 ? window / 32 : window);
    for (std::size_t at = 0; at < sent.size(); at += size) {
      queue.append(alone(Bytes(sent).subspan(at, std::min(size, sent.size() - at))), *pool);
    }
    CHECK(pool->stats().bytes_in_use <= sent.size() + waiting_slabs * BufferPool::slab_size + packed_block);
    CHECK((take_all(queue) == sent));
    CHECK(pool->stats().bytes_in_use == 0);
  }
}

TEST_CASE_FIXTURE(Pieces, "receive queue: a slab that is kept already costs no copy, nor does a reader that waits") {
  const ByteVector bytes = FixedRandom(7).bytes(20'000);
  const Payload slab = alone(bytes);
  for (std::size_t at = 0; at != bytes.size(); at += 5000) queue.append(slab.subspan(at + 8, 4992), *pool);
  CHECK(pool->stats().blocks_in_use == 1);
  for (std::size_t at = 0; at != bytes.size(); at += 5000) {
    const std::optional<Payload> piece = queue.take();
    REQUIRE(piece);
    CHECK(piece->bytes().data() == slab.bytes().data() + at + 8);
  }
  const auto wait = [](ReceiveQueue& at) -> asio::awaitable<void> { co_await at.wait(); };
  net::spawn(io.get_executor(), wait(queue));
  settle(io);
  std::vector<Payload> small;
  for (int i = 0; i != 10; ++i) {
    small.push_back(alone(Bytes(bytes).first(10)));
    queue.append(small.back(), *pool);
  }
  for (const Payload& one : small) CHECK(queue.take()->shares_block_with(one));
  settle(io);
}

TEST_CASE_FIXTURE(Pieces, "receive queue: a slab that has been taken makes room for another") {
  const ByteVector bytes = FixedRandom(9).bytes(4096);
  for (int i = 0; i != 20; ++i) {
    Payload piece = alone(bytes);
    queue.append(piece, *pool);
    if (i < static_cast<int>(waiting_slabs)) continue;
    const std::optional<Payload> first = queue.take();
    REQUIRE(first);
    queue.append(piece, *pool);
  }
  CHECK(pool->stats().bytes_in_use <= 36 * bytes.size() + waiting_slabs * BufferPool::slab_size + 2 * packed_block);
  queue.append(alone(bytes), *pool);
  while (queue.take()) {
  }
  Payload piece = alone(bytes);
  queue.append(piece, *pool);
  CHECK(queue.take()->shares_block_with(piece));
}
