#include "transport/packet_reader.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "hawser/wire/limits.h"
#include "transport/secret_payload.h"

namespace hawser::transport {
namespace {

constexpr std::size_t length_field_size = 4;
constexpr std::size_t longest_tag = 64;
// Less room than this is not worth a system call while a fresh slab can be had.
constexpr std::size_t smallest_read = 16 * 1024;

}  // namespace

PacketReader::PacketReader(BufferPool& pool, std::size_t packet_length_limit)
    : pool_(pool),
      packet_length_limit_(std::min(packet_length_limit, BufferPool::slab_size - length_field_size - longest_tag)) {}

MutableBytes PacketReader::space() {
  if (!slab_) slab_ = pool_.acquire(BufferPool::slab_size);
  if (begin_ == end_ && slab_.unique()) begin_ = end_ = 0;
  const std::size_t missing = packet_size_ == 0 ? 0 : packet_size_ - (end_ - begin_);
  const std::size_t room = slab_->capacity() - end_;
  if (room < std::max(missing, packet_size_ == 0 ? smallest_read : 1)) move_unfinished();
  return {slab_->data() + end_, slab_->capacity() - end_};
}

void PacketReader::move_unfinished() {
  const std::size_t unfinished = end_ - begin_;
  if (slab_.unique()) {
    std::memmove(slab_->data(), slab_->data() + begin_, unfinished);
  } else {
    BlockRef next = pool_.acquire(BufferPool::slab_size);
    std::memcpy(next->data(), slab_->data() + begin_, unfinished);
    slab_ = std::move(next);
  }
  if (begin_ != 0) bytes_moved_ += unfinished;
  begin_ = 0;
  end_ = unfinished;
}

void PacketReader::received(std::size_t count) {
  assert(slab_ && end_ + count <= slab_->capacity());
  end_ += count;
  bytes_received_ += count;
  if (count == 0) release_idle();  // nothing came: the memory goes back while the driver waits
}

Result<std::optional<OpenedPacket>> PacketReader::next() {
  if (packet_size_ == 0) {
    if (end_ - begin_ < opener_->shape().length_prefix) {
      release_idle();
      return std::optional<OpenedPacket>();
    }
    if (Result<void> known = learn_size(); !known) return known.error();
  }
  if (end_ - begin_ < packet_size_) return std::optional<OpenedPacket>();
  return open();
}

// The length is not authenticated yet: it is compared, never used to take memory.
Result<void> PacketReader::learn_size() {
  const crypto::PacketShape& shape = opener_->shape();
  Result<std::uint32_t> length =
      opener_->open_length(sequence_number_, MutableBytes(slab_->data() + begin_, shape.length_prefix));
  if (!length) return length.error();
  Result<void> fine = check_length(*length);
  length_is_bad_ = !fine;
  if (length_is_bad_ && !shape.hides_bad_length) return fine;
  packet_length_ = length_is_bad_ ? largest_length(shape) : *length;
  packet_size_ = length_field_size + packet_length_ + shape.tag_size;
  return {};
}

Result<void> PacketReader::check_length(std::uint32_t length) const {
  const crypto::PacketShape& shape = opener_->shape();
  if (length > packet_length_limit_) return Error(Errc::packet_too_large, "packet_length");
  // RFC 4253 §6: a multiple of the block size, at least 16 bytes with the length field. Where the length is not part of
  // what is padded, peers send one block of 8 for a one-byte payload.
  const std::size_t padded = length + (shape.length_is_padded ? length_field_size : 0);
  const std::size_t smallest =
      shape.length_is_padded ? std::max(shape.block_size, limits::minimum_packet_size) : shape.block_size;
  if (padded < smallest || padded % shape.block_size != 0) return Error(Errc::bad_packet_length, "packet_length");
  return {};
}

// Of a packet that is as long as any may be.
std::size_t PacketReader::largest_length(const crypto::PacketShape& shape) const {
  const std::size_t padded = packet_length_limit_ + length_field_size;
  return padded - padded % shape.block_size - length_field_size;
}

Result<std::optional<OpenedPacket>> PacketReader::open() {
  std::uint8_t* const packet = slab_->data() + begin_;
  if (Result<void> opened = opener_->open(sequence_number_, MutableBytes(packet, packet_size_)); !opened) {
    return opened.error();
  }
  if (length_is_bad_) return Error(Errc::bad_mac, "packet_length");
  const std::size_t padding_length = packet[length_field_size];
  if (padding_length < limits::minimum_padding || padding_length + 1 > packet_length_) {
    return Error(Errc::bad_padding, "padding_length");
  }
  Result<Payload> payload = payload_of({packet + length_field_size + 1, packet_length_ - 1 - padding_length});
  if (!payload) return payload.error();
  if (payload->empty()) return Error(Errc::truncated, "message number");

  OpenedPacket result{sequence_number_, *std::move(payload)};
  usage_.count(packet_size_);
  ++packets_received_;
  ++sequence_number_;  // RFC 4253 §6.4: wraps around to zero
  begin_ += packet_size_;
  packet_size_ = 0;
  return std::optional<OpenedPacket>(std::move(result));
}

Result<Payload> PacketReader::payload_of(Bytes content) {
  if (!decompressor_) return Payload(content, slab_);
  const Result<Bytes> decompressed = decompressor_->decompress(content, packet_length_limit_);
  if (!decompressed) return decompressed.error();
  Payload copy = Payload::copy_of(*decompressed, pool_);
  if (may_hold_secret(*decompressed)) decompressor_->wipe();
  return copy;
}

Bytes PacketReader::unread() const {
  if (!slab_) return {};
  return {slab_->data() + begin_, end_ - begin_};
}

void PacketReader::consume(std::size_t count) {
  assert(begin_ + count <= end_);
  begin_ += count;
}

void PacketReader::discard() {
  begin_ = end_;
  packet_size_ = 0;
  release_idle();
}

void PacketReader::use(std::unique_ptr<crypto::Opener> opener, bool reset_sequence_number) {
  assert(packet_size_ == 0);
  opener_ = std::move(opener);
  usage_ = {};
  if (reset_sequence_number) sequence_number_ = 0;
}

void PacketReader::release_idle() {
  if (!slab_ || begin_ != end_ || packet_size_ != 0 || !slab_.unique()) return;
  slab_.reset();
  begin_ = end_ = 0;
}

}  // namespace hawser::transport
