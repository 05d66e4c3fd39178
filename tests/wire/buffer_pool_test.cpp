#include "hawser/wire/buffer_pool.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <deque>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "support/counting_allocator.h"
#include "support/fixed_random.h"

using namespace hawser;

namespace {

// Hands blocks from one thread to another.
class Mailbox {
 public:
  void put(BlockRef block) {
    {
      const std::lock_guard lock(mutex_);
      blocks_.push_back(std::move(block));
    }
    arrived_.notify_one();
  }
  BlockRef take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return !blocks_.empty(); });
    BlockRef block = std::move(blocks_.front());
    blocks_.pop_front();
    return block;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<BlockRef> blocks_;
};

}  // namespace

TEST_CASE("buffer pool: a block has at least the room asked for, all of it writable and aligned") {
  const auto pool = BufferPool::create();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{256}, std::size_t{257}, std::size_t{4096},
                                 std::size_t{36 * 1024}, std::size_t{36 * 1024 + 1}, BufferPool::slab_size}) {
    CAPTURE(size);
    const BlockRef block = pool->acquire(size);
    REQUIRE(block);
    CHECK(block->capacity() >= size);
    CHECK(reinterpret_cast<std::uintptr_t>(block->data()) % Block::header_size == 0);
    std::memset(block->data(), 0xab, block->capacity());
    CHECK(block.unique());
  }
}

TEST_CASE("buffer pool: a size over the slab size is refused and leaves the counts as they were") {
  const auto pool = BufferPool::create();
  CHECK_THROWS_AS(pool->acquire(BufferPool::slab_size + 1), std::bad_alloc);
  CHECK_THROWS_AS(pool->acquire(SIZE_MAX), std::bad_alloc);
  CHECK(pool->stats().blocks_in_use == 0);
  CHECK(pool->stats().allocations == 0);
}

TEST_CASE("buffer pool: a released block is used again, for its own size class only") {
  const auto pool = BufferPool::create();
  const std::uint8_t* first = pool->acquire(1000)->data();
  CHECK(pool->acquire(600)->data() == first);
  CHECK(pool->stats().allocations == 1);
  CHECK(pool->acquire(2000)->data() != first);
  CHECK(pool->stats().allocations == 2);
}

TEST_CASE("buffer pool: several released blocks are all used again") {
  const auto pool = BufferPool::create();
  for (int round = 0; round != 3; ++round) {
    std::vector<BlockRef> blocks;
    for (int i = 0; i != 10; ++i) blocks.push_back(pool->acquire(4096));
    CHECK(pool->stats().blocks_in_use == 10);
  }
  CHECK(pool->stats().allocations == 10);
  CHECK(pool->stats().bytes_retained == 10 * 4096);
}

TEST_CASE("buffer pool: the stats follow what is in use and what waits") {
  const auto pool = BufferPool::create();
  {
    const BlockRef block = pool->acquire(300);
    const BufferPoolStats used = pool->stats();
    CHECK(used.blocks_in_use == 1);
    CHECK(used.bytes_in_use == 1024);
    CHECK(used.bytes_retained == 0);
  }
  const BufferPoolStats idle = pool->stats();
  CHECK(idle.blocks_in_use == 0);
  CHECK(idle.bytes_in_use == 0);
  CHECK(idle.bytes_retained == 1024);
}

TEST_CASE("buffer pool: no more than the retained limit waits in the pool") {
  const auto pool = BufferPool::create(2 * 4096);
  {
    std::vector<BlockRef> blocks;
    for (int i = 0; i != 5; ++i) blocks.push_back(pool->acquire(4096));
  }
  CHECK(pool->stats().bytes_retained == 2 * 4096);
  CHECK(pool->stats().bytes_in_use == 0);
}

TEST_CASE("buffer pool: with a limit of zero nothing waits") {
  const auto pool = BufferPool::create(0);
  { const BlockRef block = pool->acquire(1); }
  CHECK(pool->stats().bytes_retained == 0);
}

TEST_CASE("buffer pool: acquiring and releasing allocate nothing once the blocks exist") {
  const auto pool = BufferPool::create();
  { const BlockRef first = pool->acquire(36 * 1024), second = pool->acquire(36 * 1024); }
  const test::AllocationCounter allocations;
  for (int i = 0; i != 100; ++i) {
    const BlockRef first = pool->acquire(36 * 1024);
    const BlockRef second = pool->acquire(36 * 1024);
  }
  const std::size_t taken = allocations.count();
  CHECK(taken == 0);
}

TEST_CASE("buffer pool: a block outlives the pool's last owner") {
  auto pool = BufferPool::create();
  const std::weak_ptr<BufferPool> watch = pool;
  BlockRef block = pool->acquire(100);
  pool.reset();
  CHECK_FALSE(watch.expired());
  std::memset(block->data(), 1, block->capacity());
  block.reset();
  CHECK(watch.expired());
}

TEST_CASE("block reference: copies count, the last one gives the block back") {
  const auto pool = BufferPool::create();
  BlockRef first = pool->acquire(1);
  BlockRef second = first;
  CHECK_FALSE(first.unique());
  BlockRef third = std::move(first);
  CHECK_FALSE(first);
  second.reset();
  CHECK(third.unique());
  CHECK(pool->stats().blocks_in_use == 1);
  third = BlockRef();
  CHECK(pool->stats().blocks_in_use == 0);
  third.reset();  // again, on nothing
  CHECK_FALSE(third.unique());
}

TEST_CASE("block reference: assigning it to itself keeps the block") {
  const auto pool = BufferPool::create();
  BlockRef block = pool->acquire(1);
  const BlockRef& same = block;
  block = same;
  CHECK(block.unique());
  CHECK(pool->stats().blocks_in_use == 1);
}

TEST_CASE("buffer pool: threads acquire and release at once") {
  const auto pool = BufferPool::create(64 * 1024);
  std::vector<std::thread> threads;
  for (std::uint64_t seed = 1; seed != 5; ++seed) {
    threads.emplace_back([pool, seed] {
      test::FixedRandom random(seed);
      std::vector<BlockRef> held(8);
      for (int i = 0; i != 2000; ++i) {
        BlockRef block = pool->acquire(random.below(5000));
        block->data()[0] = static_cast<std::uint8_t>(seed);
        held[random.below(held.size())] = std::move(block);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(pool->stats().blocks_in_use == 0);
  CHECK(pool->stats().bytes_in_use == 0);
  CHECK(pool->stats().bytes_retained <= 64 * 1024);
}

TEST_CASE("buffer pool: a block is released by another thread than the one that took it") {
  auto pool = BufferPool::create();
  Mailbox mailbox;
  constexpr int count = 500;
  std::size_t sum = 0;
  std::thread receiver([&] {
    for (int i = 0; i != count; ++i) {
      BlockRef block = mailbox.take();
      sum += block->data()[0];
    }
  });
  for (int i = 0; i != count; ++i) {
    BlockRef block = pool->acquire(256);
    block->data()[0] = 1;
    BlockRef shared = block;
    mailbox.put(std::move(shared));
    // Both threads let go at about the same time; whoever is last gives it back.
  }
  receiver.join();
  CHECK(sum == count);
  CHECK(pool->stats().blocks_in_use == 0);
}
