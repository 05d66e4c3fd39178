#include "hawser/net/receive_queue.h"

#include <algorithm>

#include "hawser/wire/copy_bytes.h"
#include "hawser/wire/limits.h"

namespace hawser::net {
namespace {

// A block of the pool. A queue that holds little begins with less.
constexpr std::size_t packed_block = 36 * 1024;

bool in_slab(const Payload& piece) { return piece.block_size() == BufferPool::slab_size; }

}  // namespace

void ReceiveQueue::append(Payload piece, BufferPool& pool) {
  const bool same_slab = !pieces_.empty() && piece.shares_block_with(pieces_.pieces().back());
  const bool may_wait = piece.size() >= limits::small_payload && (same_slab || slabs_ < waiting_slabs_);
  if (arrived_.has_waiter() || may_wait) {
    if (!same_slab && in_slab(piece)) ++slabs_;
    pieces_.append(std::move(piece));
  } else {
    pack(piece.bytes(), pool);
  }
  arrived_.notify();
}

// Behind what is packed already: the chain joins what lies side by side.
void ReceiveQueue::pack(Bytes bytes, BufferPool& pool) {
  while (!bytes.empty()) {
    if (!packed_ || used_ == packed_->capacity()) {
      packed_ = pool.acquire(std::min(std::max(pieces_.size(), bytes.size()), packed_block));
      used_ = 0;
    }
    const std::size_t count = std::min(bytes.size(), packed_->capacity() - used_);
    copy_bytes(bytes.first(count), {packed_->data() + used_, count});
    pieces_.append(Payload(Bytes(packed_->data() + used_, count), packed_));
    used_ += count;
    bytes = bytes.subspan(count);
  }
}

std::optional<Payload> ReceiveQueue::take() {
  if (pieces_.empty()) return std::nullopt;
  Payload piece = pieces_.pieces().front();
  pieces_.consume(piece.size());
  const bool last_of_run = pieces_.empty() || !piece.shares_block_with(pieces_.pieces().front());
  if (last_of_run && in_slab(piece)) --slabs_;
  if (pieces_.empty()) packed_.reset();
  return piece;
}

}  // namespace hawser::net
