#include "hawser/wire/packet_buffer.h"

#include <cassert>

namespace hawser {

PacketBuffer::PacketBuffer(BufferPool& pool, std::size_t payload_size)
    : block_(pool.acquire(head_room + payload_size + tail_room)), offset_(head_room), size_(payload_size) {}

void PacketBuffer::shrink(std::size_t payload_size) {
  assert(payload_size <= size_);
  size_ = payload_size;
}

void PacketBuffer::remove_prefix(std::size_t count) {
  assert(count <= size_);
  offset_ += count;
  size_ -= count;
}

MutableBytes PacketBuffer::extended(std::size_t before, std::size_t after) {
  assert(before <= offset_ && offset_ + size_ + after <= block_->capacity());
  return {begin() - before, before + size_ + after};
}

}  // namespace hawser
