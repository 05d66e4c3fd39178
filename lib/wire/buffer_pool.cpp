#include "hawser/wire/buffer_pool.h"

#include <algorithm>
#include <new>

#include "wire/poison.h"

namespace hawser {

void BlockRef::reset() {
  Block* block = std::exchange(block_, nullptr);
  if (block != nullptr && block->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    // The block's own reference to the pool goes last, since it may be the last one of all.
    const std::shared_ptr<BufferPool> pool = std::move(block->pool_);
    pool->release(block);
  }
}

std::shared_ptr<BufferPool> BufferPool::create(std::size_t retained_bytes) {
  return std::shared_ptr<BufferPool>(new BufferPool(retained_bytes));
}

BufferPool::~BufferPool() {
  for (Block* block : free_) {
    while (block != nullptr) destroy(std::exchange(block, block->next_free_));
  }
}

BlockRef BufferPool::acquire(std::size_t size) {
  static_assert(sizeof(Block) <= Block::header_size);
  const auto fitting = std::ranges::lower_bound(class_sizes, size);
  if (fitting == class_sizes.end()) throw std::bad_alloc();
  const std::size_t capacity = *fitting;
  const auto size_class = static_cast<std::size_t>(fitting - class_sizes.begin());
  Block* block = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (Block*& free = free_[size_class]; free != nullptr) {
      block = free;
      free = std::exchange(block->next_free_, nullptr);
      stats_.bytes_retained -= capacity;
    } else {
      ++stats_.allocations;
    }
    ++stats_.blocks_in_use;
    stats_.bytes_in_use += capacity;
  }
  if (block == nullptr) {
    void* memory = nullptr;
    try {
      memory = ::operator new (Block::header_size + capacity, std::align_val_t{Block::header_size});
    } catch (...) {
      const std::lock_guard lock(mutex_);
      --stats_.blocks_in_use;
      stats_.bytes_in_use -= capacity;
      throw;
    }
    block = new (memory) Block;
    block->size_class_ = static_cast<std::uint32_t>(size_class);
    block->capacity_ = capacity;
  }
  wire::unpoison(block->data(), capacity);
  block->pool_ = shared_from_this();
  return BlockRef(block);
}

void BufferPool::release(Block* block) noexcept {
  const std::size_t capacity = block->capacity_;
  {
    const std::lock_guard lock(mutex_);
    --stats_.blocks_in_use;
    stats_.bytes_in_use -= capacity;
    if (stats_.bytes_retained + capacity <= retained_limit_) {
      block->next_free_ = std::exchange(free_[block->size_class_], block);
      stats_.bytes_retained += capacity;
      wire::poison(block->data(), capacity);
      return;
    }
  }
  destroy(block);
}

void BufferPool::destroy(Block* block) noexcept {
  wire::unpoison(block->data(), block->capacity_);
  block->~Block();
  ::operator delete (block, std::align_val_t{Block::header_size});
}

BufferPoolStats BufferPool::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

}  // namespace hawser
