// Received bytes: a read-only view that keeps the pooled slab beneath it alive. Copying a Payload copies the reference,
// never the bytes. `PayloadChain` is a byte stream in pieces: what a channel received, or the data of one WRITE.
#pragma once

#include <vector>

#include "hawser/wire/buffer_pool.h"

namespace hawser {

class Payload {
 public:
  Payload() = default;
  Payload(Bytes bytes, BlockRef block) : bytes_(bytes), block_(std::move(block)) {}

  // A copy in a block of its own, so that a small payload that must wait does not pin a whole slab.
  static Payload copy_of(Bytes bytes, BufferPool& pool);

  Bytes bytes() const { return bytes_; }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  Payload subspan(std::size_t offset, std::size_t count = std::dynamic_extent) const {
    return {bytes_.subspan(offset, count), block_};
  }
  // The memory it keeps: whether it is the same as another's, and how much of it there is.
  bool shares_block_with(const Payload& other) const { return block_ && block_ == other.block_; }
  std::size_t block_size() const { return block_ ? block_->capacity() : 0; }
  void remove_prefix(std::size_t count) { bytes_ = bytes_.subspan(count); }
  // The one write to received bytes: overwrites them where they lie, for all copies of this payload, in a way the
  // compiler may not drop. For the layer whose message it is, once it has taken what it needs: a password does not
  // wait in a pooled slab for the next use of that memory.
  void wipe();

 private:
  friend class PayloadChain;
  Bytes bytes_;
  BlockRef block_;
};

// Steady use allocates nothing: pieces live in a vector whose consumed front is reused.
class PayloadChain {
 public:
  // A piece that lies right behind the last one, in the same block, becomes one piece with it.
  void append(Payload piece);
  void append(const PayloadChain& other);
  void consume(std::size_t count);  // drops bytes from the front
  // Copies up to output.size() bytes that begin `offset` bytes from the front; gives how many.
  std::size_t copy_to(std::size_t offset, MutableBytes output) const;
  // Appends references to `count` bytes beginning at `offset` to `out`.
  void slice(std::size_t offset, std::size_t count, PayloadChain& out) const;
  void clear();

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::span<const Payload> pieces() const { return std::span(pieces_).subspan(first_); }
  ByteVector to_vector() const;

 private:
  std::vector<Payload> pieces_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace hawser
