// Binary packets out (RFC 4253 §6): padding and length are written around the payload, the packet is sealed where it
// lies and waits in a queue until the driver has written it.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "hawser/crypto/compression.h"
#include "hawser/crypto/packet_cipher.h"
#include "hawser/crypto/random.h"
#include "hawser/wire/packet_buffer.h"
#include "transport/key_usage.h"

namespace hawser::transport {

class PacketWriter {
 public:
  // Both are borrowed.
  PacketWriter(BufferPool& pool, crypto::Random& random) : pool_(pool), random_(random) {}

  // Queues bytes as they are, outside any packet: the identification.
  void queue_raw(std::string_view text);
  // Compressed, where there is a compressor. Errors: crypto_failure; the packet is dropped then.
  Result<void> seal(PacketBuffer&& packet);

  // All queued bytes in order; valid until the next call of a method that is not const.
  std::span<const Bytes> gather() const { return std::span(views_).subspan(first_); }
  void transmitted(std::size_t count);

  // Seals all later packets with new keys; strict key exchange also starts the sequence numbers again.
  void use(std::unique_ptr<crypto::Sealer> sealer, bool reset_sequence_number);
  // For all later packets; null: none.
  void compress_with(std::unique_ptr<crypto::Compressor> compressor) { compressor_ = std::move(compressor); }
  // Gives back what the queue's own bookkeeping holds when nothing is queued.
  void release_idle();

  std::uint32_t sequence_number() const { return sequence_number_; }  // of the next packet
  std::size_t queued_bytes() const { return queued_bytes_; }
  std::size_t queued_memory() const { return queued_memory_; }  // of the blocks that hold them
  const KeyUsage& usage() const { return usage_; }
  std::uint64_t bytes_sent() const { return bytes_sent_; }
  std::uint64_t packets_sent() const { return packets_sent_; }

 private:
  Result<void> compress(PacketBuffer& packet);
  void enqueue(PacketBuffer&& packet, Bytes view);
  void fill_padding(MutableBytes padding);

  BufferPool& pool_;
  crypto::Random& random_;
  std::unique_ptr<crypto::Sealer> sealer_ = crypto::plain_sealer();
  std::unique_ptr<crypto::Compressor> compressor_;
  std::uint32_t sequence_number_ = 0;

  // `packets_` owns, `views_` shows; the front up to `first_` is sent and given back.
  std::vector<PacketBuffer> packets_;
  std::vector<Bytes> views_;
  std::size_t first_ = 0;
  std::size_t queued_bytes_ = 0;
  std::size_t queued_memory_ = 0;

  // Padding bytes are drawn in batches: one call of the generator serves many packets.
  std::array<std::uint8_t, 256> padding_pool_{};
  std::size_t padding_used_ = padding_pool_.size();

  KeyUsage usage_;
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t packets_sent_ = 0;
};

}  // namespace hawser::transport
