#include "transport/packet_writer.h"

#include <cassert>
#include <cstring>

#include "hawser/wire/copy_bytes.h"
#include "hawser/wire/limits.h"
#include "hawser/wire/writer.h"
#include "transport/secret_payload.h"

namespace hawser::transport {
namespace {

constexpr std::size_t header_size = 5;  // packet_length and padding_length

// RFC 4253 §6: at least 4 bytes, so many that the padded part is a multiple of the block size, and 16 bytes in all.
std::size_t padding_for(const crypto::PacketShape& shape, std::size_t payload_size) {
  const std::size_t unpadded = payload_size + header_size - (shape.length_is_padded ? 0 : 4);
  std::size_t padding = shape.block_size - unpadded % shape.block_size;
  while (padding < limits::minimum_padding || header_size + payload_size + padding < limits::minimum_packet_size) {
    padding += shape.block_size;
  }
  return padding;
}

}  // namespace

void PacketWriter::queue_raw(std::string_view text) {
  PacketBuffer buffer(pool_, text.size());
  copy_bytes(as_bytes(text), buffer.payload());
  const Bytes view = buffer.payload();
  enqueue(std::move(buffer), view);
}

Result<void> PacketWriter::compress(PacketBuffer& packet) {
  const Result<Bytes> compressed = compressor_->compress(packet.payload());
  if (!compressed) return compressed.error();
  PacketBuffer smaller(pool_, compressed->size());
  copy_bytes(*compressed, smaller.payload());
  wipe_if_secret(packet.payload());
  packet = std::move(smaller);
  return {};
}

Result<void> PacketWriter::seal(PacketBuffer&& packet) {
  if (compressor_) {
    if (Result<void> compressed = compress(packet); !compressed) return compressed;
  }
  const crypto::PacketShape& shape = sealer_->shape();
  const std::size_t payload_size = packet.size();
  const std::size_t padding = padding_for(shape, payload_size);
  const MutableBytes whole = packet.extended(header_size, padding + shape.tag_size);
  wire::store_uint32(whole.data(), static_cast<std::uint32_t>(1 + payload_size + padding));
  whole[4] = static_cast<std::uint8_t>(padding);
  fill_padding(whole.subspan(header_size + payload_size, padding));
  if (Result<void> sealed = sealer_->seal(sequence_number_, whole); !sealed) return sealed;

  ++sequence_number_;  // RFC 4253 §6.4: wraps around to zero
  usage_.count(whole.size());
  ++packets_sent_;
  enqueue(std::move(packet), whole);
  return {};
}

void PacketWriter::fill_padding(MutableBytes padding) {
  if (padding.size() > padding_pool_.size() - padding_used_) {
    random_.fill(padding_pool_);
    padding_used_ = 0;
  }
  std::memcpy(padding.data(), padding_pool_.data() + padding_used_, padding.size());
  padding_used_ += padding.size();
}

void PacketWriter::enqueue(PacketBuffer&& packet, Bytes view) {
  // Where the vectors would grow, reuse their sent front instead, unless that would move a long queue for little.
  if (packets_.size() == packets_.capacity() && first_ != 0 && first_ >= packets_.size() / 2) {
    const auto count = static_cast<std::ptrdiff_t>(first_);
    packets_.erase(packets_.begin(), packets_.begin() + count);
    views_.erase(views_.begin(), views_.begin() + count);
    first_ = 0;
  }
  queued_bytes_ += view.size();
  queued_memory_ += packet.block_size();
  packets_.push_back(std::move(packet));
  views_.push_back(view);
}

void PacketWriter::transmitted(std::size_t count) {
  assert(count <= queued_bytes_);
  queued_bytes_ -= count;
  bytes_sent_ += count;
  while (count != 0) {
    Bytes& view = views_[first_];
    if (count < view.size()) {
      view = view.subspan(count);
      return;
    }
    count -= view.size();
    queued_memory_ -= packets_[first_].block_size();
    packets_[first_] = PacketBuffer();
    ++first_;
  }
  if (first_ == packets_.size()) {
    packets_.clear();
    views_.clear();
    first_ = 0;
  }
}

void PacketWriter::use(std::unique_ptr<crypto::Sealer> sealer, bool reset_sequence_number) {
  sealer_ = std::move(sealer);
  usage_ = {};
  if (reset_sequence_number) sequence_number_ = 0;
}

void PacketWriter::release_idle() {
  constexpr std::size_t worth_keeping = 64;
  if (!packets_.empty() || packets_.capacity() <= worth_keeping) return;
  std::vector<PacketBuffer>().swap(packets_);
  std::vector<Bytes>().swap(views_);
}

}  // namespace hawser::transport
