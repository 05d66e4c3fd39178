#include "hawser/wire/payload.h"

#include <algorithm>
#include <cassert>

#include "hawser/wire/copy_bytes.h"
#include "wire/poison.h"

namespace hawser {

Payload Payload::copy_of(Bytes bytes, BufferPool& pool) {
  BlockRef block = pool.acquire(bytes.size());
  copy_bytes(bytes, {block->data(), block->capacity()});
  wire::poison(block->data() + bytes.size(), block->capacity() - bytes.size());
  const Bytes copy(block->data(), bytes.size());
  return {copy, std::move(block)};
}

void Payload::wipe() {
  if (!block_ || bytes_.empty()) return;
  // volatile: nobody reads the zeros, which is what a compiler would see.
  volatile std::uint8_t* const begin = block_->data() + (bytes_.data() - block_->data());
  for (std::size_t i = 0; i != bytes_.size(); ++i) begin[i] = 0;
}

void PayloadChain::append(Payload piece) {
  if (piece.empty()) return;
  if (first_ != pieces_.size() && piece.shares_block_with(pieces_.back())) {
    Bytes& last = pieces_.back().bytes_;
    if (last.data() + last.size() == piece.bytes_.data()) {
      last = Bytes(last.data(), last.size() + piece.size());
      size_ += piece.size();
      return;
    }
  }
  // Where the vector would grow, reuse its consumed front instead: only when that is at least half of it, so that a
  // long queue of small pieces is not moved again for each new one.
  if (pieces_.size() == pieces_.capacity() && first_ != 0 && first_ >= pieces_.size() / 2) {
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
  const std::size_t size = piece.size();
  pieces_.push_back(std::move(piece));
  size_ += size;  // not before: push_back may have no memory
}

void PayloadChain::append(const PayloadChain& other) {
  for (const Payload& piece : other.pieces()) append(piece);
}

void PayloadChain::consume(std::size_t count) {
  assert(count <= size_);
  size_ -= count;
  while (count != 0) {
    Payload& piece = pieces_[first_];
    if (count < piece.size()) {
      piece.remove_prefix(count);
      return;
    }
    count -= piece.size();
    piece = Payload();
    ++first_;
  }
  if (size_ == 0) clear();
}

std::size_t PayloadChain::copy_to(std::size_t offset, MutableBytes output) const {
  std::size_t done = 0;
  for (const Payload& piece : pieces()) {
    if (done == output.size()) break;
    if (offset >= piece.size()) {
      offset -= piece.size();
      continue;
    }
    const std::size_t count = std::min(piece.size() - offset, output.size() - done);
    copy_bytes(piece.bytes().subspan(offset, count), output.subspan(done));
    done += count;
    offset = 0;
  }
  return done;
}

void PayloadChain::slice(std::size_t offset, std::size_t count, PayloadChain& out) const {
  assert(offset + count <= size_);
  for (const Payload& piece : pieces()) {
    if (count == 0) break;
    if (offset >= piece.size()) {
      offset -= piece.size();
      continue;
    }
    const std::size_t part = std::min(piece.size() - offset, count);
    out.append(piece.subspan(offset, part));
    count -= part;
    offset = 0;
  }
}

void PayloadChain::clear() {
  pieces_.clear();
  first_ = 0;
  size_ = 0;
}

ByteVector PayloadChain::to_vector() const {
  ByteVector all(size_);
  copy_to(0, all);
  return all;
}

}  // namespace hawser
