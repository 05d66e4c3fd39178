// Binary packets in (RFC 4253 §6): bytes are received into a pooled slab and opened where they lie.
//
//   | handed out as payloads | unfinished packet | room to receive into |
//   0                        begin_              end_                   capacity
//
// Bytes before `begin_` may still be read by holders of payloads, so nothing is written there until the slab has no
// other reference. Only the bytes of an unfinished packet ever move, and only when the packet cannot be completed where
// it is.
#pragma once

#include <memory>
#include <optional>

#include "hawser/crypto/compression.h"
#include "hawser/crypto/packet_cipher.h"
#include "hawser/wire/payload.h"
#include "transport/key_usage.h"

namespace hawser::transport {

struct OpenedPacket {
  std::uint32_t sequence_number = 0;
  Payload payload;  // at least one byte: the message number
};

class PacketReader {
 public:
  // `pool` is borrowed. `packet_length_limit` bounds the packet_length field; it is cut to what a slab can hold.
  PacketReader(BufferPool& pool, std::size_t packet_length_limit);

  // Room for the next bytes, never empty unless a whole slab of unread bytes waits; valid until the next call of a
  // method that is not const.
  MutableBytes space();
  void received(std::size_t count);

  // The next packet, or nullopt when its bytes are not all there. Errors: bad_packet_length, packet_too_large, bad_mac,
  // bad_padding, bad_compression, truncated (no payload), crypto_failure; the stream is lost after one.
  Result<std::optional<OpenedPacket>> next();

  // What comes before packets: the identification.
  Bytes unread() const;
  void consume(std::size_t count);
  // Drops all unread bytes: the session is over.
  void discard();

  // Opens all later packets with new keys; strict key exchange also starts the sequence numbers again.
  void use(std::unique_ptr<crypto::Opener> opener, bool reset_sequence_number);
  // For all later packets; null: none. What comes out of a packet is limited as a packet is.
  void decompress_with(std::unique_ptr<crypto::Decompressor> decompressor) { decompressor_ = std::move(decompressor); }
  // Gives an empty slab back to the pool.
  void release_idle();

  const KeyUsage& usage() const { return usage_; }
  std::uint64_t bytes_received() const { return bytes_received_; }
  std::uint64_t packets_received() const { return packets_received_; }
  std::uint64_t bytes_moved() const { return bytes_moved_; }

 private:
  Result<void> learn_size();
  Result<void> check_length(std::uint32_t length) const;
  std::size_t largest_length(const crypto::PacketShape& shape) const;
  Result<std::optional<OpenedPacket>> open();
  Result<Payload> payload_of(Bytes content);
  void move_unfinished();

  BufferPool& pool_;
  std::size_t packet_length_limit_;
  std::unique_ptr<crypto::Opener> opener_ = crypto::plain_opener();
  std::unique_ptr<crypto::Decompressor> decompressor_;
  BlockRef slab_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t packet_size_ = 0;    // of the unfinished packet, length field and tag included; 0: not known yet
  std::size_t packet_length_ = 0;  // its packet_length field
  bool length_is_bad_ = false;     // and nobody is told before its MAC would be due
  std::uint32_t sequence_number_ = 0;
  KeyUsage usage_;
  std::uint64_t bytes_received_ = 0;
  std::uint64_t packets_received_ = 0;
  std::uint64_t bytes_moved_ = 0;
};

}  // namespace hawser::transport
