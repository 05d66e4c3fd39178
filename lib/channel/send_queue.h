// Data packets of one channel that wait for the peer's window or for the sink. Their headers are not written yet: how
// much of a packet leaves at a time shows only when it leaves.
#pragma once

#include <vector>

#include "hawser/channel/multiplexer.h"

namespace hawser::channel {

// A buffer with room for its header in front of the data.
struct QueuedPacket {
  PacketBuffer buffer;
  std::uint32_t extended_type = 0;  // 0: CHANNEL_DATA

  static constexpr std::size_t data_header = 9;            // number, recipient_channel, length of data
  static constexpr std::size_t extended_data_header = 13;  // and data_type_code
  std::size_t header_size() const { return extended_type == 0 ? data_header : extended_data_header; }
  std::size_t data_size() const { return buffer.size() - header_size(); }
  void write_header(std::uint32_t recipient_channel);
};

// Allocates nothing in steady use: packets lie in a vector whose left front is used again.
class SendQueue {
 public:
  void push(QueuedPacket packet);
  // The front packet, or as much of it as `limit` data bytes; the queue must not be empty and `limit` not 0.
  QueuedPacket take(std::size_t limit, PacketSink& sink, ChannelStats& stats);
  void clear();

  bool empty() const { return first_ == packets_.size(); }
  std::size_t data_size() const { return data_size_; }
  // Data and the room around it, so that many tiny packets count as what they hold in memory.
  std::size_t memory() const {
    return data_size_ + (packets_.size() - first_) * (PacketBuffer::head_room + PacketBuffer::tail_room);
  }

 private:
  std::vector<QueuedPacket> packets_;
  std::size_t first_ = 0;
  std::size_t data_size_ = 0;
};

}  // namespace hawser::channel
