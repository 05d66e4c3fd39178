#include "hawser/sftp/message_stream.h"

#include <algorithm>
#include <array>

#include "hawser/wire/copy_bytes.h"
#include "hawser/wire/writer.h"

namespace hawser::sftp {
namespace {

constexpr std::size_t length_size = 4;
constexpr std::size_t gather_block = 4096;
// What a message of the largest size takes of a fast peer, and one more at each end.
constexpr std::size_t most_slabs = 4;
static_assert(limits::small_payload <= gather_block);

}  // namespace

MessageStream::MessageStream(BufferPool& pool, std::size_t maximum_size)
    : pool_(pool), maximum_size_(std::min(maximum_size, maximum_message_size)) {}

void MessageStream::feed(Payload bytes) {
  if (bytes.empty()) return;
  if (buffered() != 0 && (bytes.size() < limits::small_payload || would_hold_too_many_slabs(bytes))) {
    gather(bytes.bytes());
    return;
  }
  flush_gathered();
  pieces_.append(std::move(bytes));
}

bool MessageStream::would_hold_too_many_slabs(const Payload& next) const {
  const Payload* last = nullptr;
  std::size_t slabs = 0;
  const auto count = [&](const Payload& piece) {
    const bool another = last == nullptr || !piece.shares_block_with(*last);
    if (another && piece.block_size() == BufferPool::slab_size) ++slabs;
    last = &piece;
  };
  if (!pieces_.empty() && next.shares_block_with(pieces_.pieces().back())) return false;
  for (const Payload& piece : pieces_.pieces()) count(piece);
  count(next);
  return slabs > most_slabs;
}

Result<bool> MessageStream::next(PayloadChain& message) {
  message.clear();
  if (error_.code() != Errc::ok) return error_;
  if (needed_ == 0 && buffered() >= length_size) {
    if (Result<void> length = read_length(); !length) return length.error();
  }
  if (needed_ == 0 || buffered() < length_size + needed_) {
    wait();
    return false;
  }
  if (pieces_.size() < length_size + needed_) flush_gathered();
  pieces_.slice(length_size, needed_, message);
  pieces_.consume(length_size + needed_);
  needed_ = 0;
  if (buffered() == 0) block_.reset();
  return true;
}

Result<void> MessageStream::read_length() {
  if (pieces_.size() < length_size) flush_gathered();
  std::array<std::uint8_t, length_size> bytes{};
  pieces_.copy_to(0, bytes);
  needed_ = wire::load_uint32(bytes.data());
  if (needed_ == 0) return error_ = Error(Errc::bad_value, "SFTP message length");
  if (needed_ > maximum_size_) return error_ = Error(Errc::message_too_large, "SFTP message length");
  return {};
}

// The rest of the message is not there yet. What little there is must not hold the slab of the packet it came in.
void MessageStream::wait() {
  if (!gathered_.empty() || pieces_.empty() || pieces_.size() >= limits::small_payload) return;
  make_room(pieces_.size());
  for (const Payload& piece : pieces_.pieces()) gather(piece.bytes());
  pieces_.clear();
}

void MessageStream::gather(Bytes bytes) {
  make_room(bytes.size());
  std::uint8_t* const end = block_->data() + block_used_;
  copy_bytes(bytes, {end, bytes.size()});
  block_used_ += bytes.size();
  gathered_ = Payload(Bytes(end - gathered_.size(), gathered_.size() + bytes.size()), block_);
}

void MessageStream::make_room(std::size_t size) {
  if (block_ && block_->capacity() - block_used_ >= size) return;
  flush_gathered();
  block_ = pool_.acquire(std::max(size, gather_block));
  block_used_ = 0;
}

void MessageStream::flush_gathered() {
  pieces_.append(std::move(gathered_));
  gathered_ = Payload();
}

Payload contiguous(const PayloadChain& chain, std::size_t count, BufferPool& pool) {
  if (count == 0) return {};
  const Payload& first = chain.pieces().front();
  if (first.size() >= count) return first.subspan(0, count);
  BlockRef block = pool.acquire(count);
  const MutableBytes copy(block->data(), count);
  chain.copy_to(0, copy);
  return {copy, std::move(block)};
}

}  // namespace hawser::sftp
