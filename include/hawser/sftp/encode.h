// Puts SFTP messages, with the length in front, into the memory they are sent from.
//
//   PacketChain chain = reserve(sftp::framed_size(message));   // room of the caller's making
//   sftp::write_message(chain, message);
#pragma once

#include "hawser/sftp/messages.h"
#include "hawser/wire/packet_chain.h"

namespace hawser::sftp {

// Bytes that `write_message` writes: the length field, the message number, the fields.
template <wire::HasFields M>
std::size_t framed_size(const M& message) {
  return 4 + wire::encoded_size(message);
}

// `output` must have room for `framed_size(message)` bytes.
template <wire::HasFields M>
void encode_framed(const M& message, MutableBytes output) {
  const Bytes encoded = wire::encode(message, output.subspan(4));
  wire::store_uint32(output.data(), static_cast<std::uint32_t>(encoded.size()));
}

// Writes the message at the chain's cursor, which must have room for `framed_size(message)` bytes.
template <wire::HasFields M>
void write_message(PacketChain& chain, const M& message) {
  const std::size_t size = framed_size(message);
  assert(chain.size() - chain.written() >= size);
  const std::span<const MutableBytes> areas = chain.areas(size);
  if (areas.size() == 1) {
    encode_framed(message, areas.front());
    chain.advance(size);
    return;
  }
  std::array<std::uint8_t, 512> small;
  ByteVector large(size <= small.size() ? 0 : size);
  const MutableBytes joined = size <= small.size() ? MutableBytes(small).first(size) : MutableBytes(large);
  encode_framed(message, joined);
  chain.write(joined);
}

// The data at the end of a DATA or WRITE message, when it is read straight into the packets and its length is known
// only then. It must be the last message of its chain.
class DataTail {
 public:
  // Writes the header (`DataHeader` or `WriteHeader`) for at most `maximum` bytes of data, which the chain must have
  // room for.
  template <wire::HasFields Header>
  DataTail(PacketChain& chain, const Header& header, std::size_t maximum)
      : chain_(&chain), start_(chain.written()), header_size_(framed_size(header)), maximum_(maximum) {
    write_message(chain, header);
    set_lengths(maximum);
  }

  // The memory for the data, valid until the chain changes.
  std::span<const MutableBytes> areas() { return chain_->areas(maximum_); }
  // `size` bytes are there: sets the lengths and gives back the room that is left over.
  void finish(std::size_t size);
  // Takes the header back and writes another message in its place. The chain must have had room for it
  // (`DataReply::room`).
  void replace(Bytes framed_message);

 private:
  void set_lengths(std::size_t data_size);

  PacketChain* chain_;
  std::size_t start_;
  std::size_t header_size_;
  std::size_t maximum_;
};

}  // namespace hawser::sftp
