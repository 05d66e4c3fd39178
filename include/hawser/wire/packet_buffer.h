// One outgoing packet, in one pooled block that has exactly one owner:
//
//   | head room: packet_length, padding_length | payload | tail room: padding, tag |
//
// A layer fills `payload()`; the transport writes length and padding around it and seals it in place. Nothing is copied
// between the layer that made the payload and the socket.
#pragma once

#include "hawser/wire/buffer_pool.h"

namespace hawser {

class PacketBuffer {
 public:
  // Room for packet_length and padding_length, kept a multiple of 16 so that the payload is aligned.
  static constexpr std::size_t head_room = 16;
  // Room for the padding (at most 255 bytes, in practice below 24) and the longest tag (64 bytes).
  static constexpr std::size_t tail_room = 352;

  PacketBuffer() = default;
  // A buffer for exactly `payload_size` bytes, contents undefined.
  PacketBuffer(BufferPool& pool, std::size_t payload_size);
  PacketBuffer(PacketBuffer&& other) noexcept
      : block_(std::move(other.block_)), offset_(other.offset_), size_(std::exchange(other.size_, 0)) {}
  PacketBuffer& operator=(PacketBuffer&& other) noexcept {
    block_ = std::move(other.block_);
    offset_ = other.offset_;
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  MutableBytes payload() { return {begin(), size_}; }
  Bytes payload() const { return {begin(), size_}; }
  std::size_t size() const { return size_; }
  // The memory it takes, however little is in it.
  std::size_t block_size() const { return block_ ? block_->capacity() : 0; }
  explicit operator bool() const { return static_cast<bool>(block_); }

  void shrink(std::size_t payload_size);  // keeps the front
  void remove_prefix(std::size_t count);  // gives the room to the head

  // For the transport: the `before` bytes in front of the payload, the payload, and `after` bytes behind it.
  MutableBytes extended(std::size_t before, std::size_t after);

 private:
  std::uint8_t* begin() const { return block_->data() + offset_; }
  BlockRef block_;
  std::size_t offset_ = 0;
  std::size_t size_ = 0;
};

}  // namespace hawser
