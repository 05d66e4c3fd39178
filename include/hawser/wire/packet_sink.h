// What authentication and channels send through. The transport is one; a test's is a vector of packets.
#pragma once

#include "hawser/wire/codec.h"
#include "hawser/wire/packet_buffer.h"

namespace hawser {

class PacketSink {
 public:
  virtual ~PacketSink() = default;

  // A buffer for a payload of exactly this size, to be filled and sent.
  virtual PacketBuffer prepare(std::size_t payload_size) = 0;
  // Takes the packet. It leaves in the order of the calls; while a key exchange runs it waits its turn.
  virtual void send(PacketBuffer&& packet) = 0;
  // False while a key exchange holds data back (RFC 4253 §7.1) or more than the send limit is queued: a layer with much
  // to send waits, small control messages need not.
  virtual bool writable() const = 0;

  template <wire::HasFields M>
  void send_message(const M& message) {
    PacketBuffer packet = prepare(wire::encoded_size(message));
    wire::encode(message, packet.payload());
    send(std::move(packet));
  }
};

}  // namespace hawser
