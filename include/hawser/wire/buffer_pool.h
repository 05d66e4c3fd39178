// Pooled memory for packets. Two kinds are built on it, with one rule each: receive memory is shared and read-only
// (`Payload`), send memory has exactly one owner (`PacketBuffer`).
//
// A pool is thread-safe and is shared by many connections; a block keeps its pool alive. Blocks that nobody uses wait
// in the pool up to `retained_bytes`, the rest goes back to the system. In a build with AddressSanitizer those that
// wait are poisoned.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>

#include "hawser/wire/bytes.h"

namespace hawser {

class BufferPool;

// One pooled block; `data()` has `capacity()` bytes. Owned through BlockRef only.
class Block {
 public:
  std::uint8_t* data() { return reinterpret_cast<std::uint8_t*>(this) + header_size; }
  std::size_t capacity() const { return capacity_; }

  static constexpr std::size_t header_size = 64;

 private:
  friend class BlockRef;
  friend class BufferPool;
  std::atomic<std::uint32_t> references_{0};
  std::uint32_t size_class_ = 0;
  std::size_t capacity_ = 0;
  std::shared_ptr<BufferPool> pool_;  // set while the block is in use
  Block* next_free_ = nullptr;        // set while it waits in the pool
};

// A counted reference to a block; the last one gives the block back to its pool.
class BlockRef {
 public:
  BlockRef() = default;
  explicit BlockRef(Block* block) : block_(block) { retain(); }
  BlockRef(const BlockRef& other) : block_(other.block_) { retain(); }
  BlockRef(BlockRef&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  BlockRef& operator=(BlockRef other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~BlockRef() { reset(); }

  void reset();
  explicit operator bool() const { return block_ != nullptr; }
  Block* operator->() const { return block_; }
  bool operator==(const BlockRef&) const = default;  // the same block
  bool unique() const { return block_ != nullptr && block_->references_.load(std::memory_order_acquire) == 1; }

 private:
  void retain() {
    if (block_ != nullptr) block_->references_.fetch_add(1, std::memory_order_relaxed);
  }
  Block* block_ = nullptr;
};

struct BufferPoolStats {
  std::size_t blocks_in_use = 0;
  std::size_t bytes_in_use = 0;
  std::size_t bytes_retained = 0;
  std::size_t allocations = 0;  // blocks ever taken from the system
};

class BufferPool : public std::enable_shared_from_this<BufferPool> {
 public:
  static std::shared_ptr<BufferPool> create(std::size_t retained_bytes = 8 * 1024 * 1024);
  ~BufferPool();
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  // A block of at least `size` bytes with one reference. Throws std::bad_alloc where `size` is over `slab_size` or the
  // system has no memory.
  BlockRef acquire(std::size_t size);

  BufferPoolStats stats() const;

  // Room for one packet of the largest size (limits::packet_length) with its length field and tag.
  static constexpr std::size_t slab_size = 264 * 1024;

 private:
  friend class BlockRef;
  explicit BufferPool(std::size_t retained_bytes) : retained_limit_(retained_bytes) {}
  void release(Block*) noexcept;
  static void destroy(Block*) noexcept;

  static constexpr std::array<std::size_t, 8> class_sizes{256,       1024,      4096,      8 * 1024,
                                                          16 * 1024, 36 * 1024, 68 * 1024, slab_size};

  mutable std::mutex mutex_;
  std::array<Block*, class_sizes.size()> free_{};  // linked by Block::next_free_, so that giving back never allocates
  std::size_t retained_limit_;
  BufferPoolStats stats_;
};

}  // namespace hawser
