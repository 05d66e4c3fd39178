#include "hawser/wire/buffer_pool.h"

#include <cassert>
#include <new>

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
  for (std::vector<Block*>& blocks : free_) {
    for (Block* block : blocks) {
      block->~Block();
      ::operator delete(block, std::align_val_t{Block::header_size});
    }
  }
}

BlockRef BufferPool::acquire(std::size_t size) {
  static_assert(sizeof(Block) <= Block::header_size);
  std::size_t size_class = 0;
  while (class_sizes[size_class] < size) {
    ++size_class;
    assert(size_class < class_sizes.size());
  }
  const std::size_t capacity = class_sizes[size_class];
  Block* block = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (std::vector<Block*>& blocks = free_[size_class]; !blocks.empty()) {
      block = blocks.back();
      blocks.pop_back();
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
      memory = ::operator new(Block::header_size + capacity, std::align_val_t{Block::header_size});
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
  block->pool_ = shared_from_this();
  return BlockRef(block);
}

void BufferPool::release(Block* block) {
  const std::size_t capacity = block->capacity_;
  {
    const std::lock_guard lock(mutex_);
    --stats_.blocks_in_use;
    stats_.bytes_in_use -= capacity;
    if (stats_.bytes_retained + capacity <= retained_limit_) {
      free_[block->size_class_].push_back(block);
      stats_.bytes_retained += capacity;
      return;
    }
  }
  block->~Block();
  ::operator delete(block, std::align_val_t{Block::header_size});
}

BufferPoolStats BufferPool::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

}  // namespace hawser
