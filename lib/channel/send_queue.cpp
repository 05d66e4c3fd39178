#include "channel/send_queue.h"

#include <algorithm>

#include "hawser/channel/messages.h"
#include "hawser/wire/copy_bytes.h"

namespace hawser::channel {
namespace {

MutableBytes data_of(QueuedPacket& packet) { return packet.buffer.payload().subspan(packet.header_size()); }

// Cuts the first `size` data bytes off. The smaller part is copied into a packet of its own, the larger stays where it
// is: the rest's header goes over the bytes that left in front of it, or the front is simply made shorter.
QueuedPacket split(QueuedPacket& packet, std::size_t size, PacketSink& sink, ChannelStats& stats) {
  const std::size_t header = packet.header_size();
  const std::size_t rest = packet.data_size() - size;
  QueuedPacket other{sink.prepare(header + std::min(size, rest)), packet.extended_type};
  ++stats.packets_split;
  stats.payload_bytes_copied += std::min(size, rest);
  if (size <= rest) {
    copy_bytes(data_of(packet).first(size), data_of(other));
    packet.buffer.remove_prefix(size);
    return other;
  }
  copy_bytes(data_of(packet).last(rest), data_of(other));
  packet.buffer.shrink(header + size);
  std::swap(packet, other);
  return other;
}

}  // namespace

void QueuedPacket::write_header(std::uint32_t recipient_channel) {
  const std::size_t size = data_size();
  wire::Writer header(buffer.payload().first(header_size()));
  header.byte(extended_type == 0 ? ChannelData::number : ChannelExtendedData::number);
  header.uint32(recipient_channel);
  if (extended_type != 0) header.uint32(extended_type);
  header.uint32(static_cast<std::uint32_t>(size));
}

void SendQueue::push(QueuedPacket packet) {
  // Where the vector would grow, use its left front again: only when that is at least half, so that a long queue is not
  // moved for each packet.
  if (packets_.size() == packets_.capacity() && first_ != 0 && first_ >= packets_.size() / 2) {
    packets_.erase(packets_.begin(), packets_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
  const std::size_t size = packet.data_size();
  packets_.push_back(std::move(packet));
  data_size_ += size;  // not before: push_back may have no memory
}

QueuedPacket SendQueue::take(std::size_t limit, PacketSink& sink, ChannelStats& stats) {
  QueuedPacket& front = packets_[first_];
  if (front.data_size() > limit) {
    data_size_ -= limit;
    return split(front, limit, sink, stats);
  }
  QueuedPacket whole = std::move(front);
  data_size_ -= whole.data_size();
  if (++first_ == packets_.size()) clear();
  return whole;
}

void SendQueue::clear() {
  packets_.clear();
  first_ = 0;
  data_size_ = 0;
}

}  // namespace hawser::channel
