// Data and its flow control (RFC 4254 §5.2), EOF (§5.3).
#include <algorithm>

#include "channel/multiplexer_state.h"
#include "hawser/wire/copy_bytes.h"

namespace hawser::channel {

// Below this a packet is not worth a buffer of its own: a peer that takes less gets it split, when it leaves.
constexpr std::size_t smallest_buffer = 1024;

void Multiplexer::reserve(ChannelId id, std::size_t size, PacketChain& out) {
  const std::size_t room = state_->data_room(state_->channels.find(id));
  while (size != 0) {
    const std::size_t part = std::min(size, room);
    out.append(state_->sink.prepare(QueuedPacket::data_header + part), QueuedPacket::data_header);
    size -= part;
  }
}

void Multiplexer::send(ChannelId id, PacketChain& chain) {
  Channel* channel = state_->channels.find(id);
  // What was not written holds bytes of earlier packets, which are nobody's to see.
  chain.truncate_to_written();
  if (channel != nullptr && !channel->eof_wanted && !channel->close_wanted) {
    for (PacketChain::Part& part : chain.parts()) {
      assert(part.header_size == QueuedPacket::data_header);
      channel->queue.push({std::move(part.buffer), 0});
    }
    state_->flush(*channel);
  }
  chain.clear();
}

void Multiplexer::send_data(ChannelId id, Bytes data) {
  reserve(id, data.size(), state_->scratch);
  state_->scratch.write(data);
  state_->stats.payload_bytes_copied += data.size();
  send(id, state_->scratch);
}

void Multiplexer::send_extended(ChannelId id, std::uint32_t type, Bytes data) {
  assert(type != 0);
  Channel* channel = state_->channels.find(id);
  if (channel == nullptr || channel->eof_wanted || channel->close_wanted) return;
  const std::size_t room = state_->data_room(channel);
  while (!data.empty()) {
    const Bytes part = data.first(std::min(data.size(), room));
    QueuedPacket packet{state_->sink.prepare(QueuedPacket::extended_data_header + part.size()), type};
    copy_bytes(part, packet.buffer.payload().subspan(QueuedPacket::extended_data_header));
    state_->stats.payload_bytes_copied += part.size();
    channel->queue.push(std::move(packet));
    data = data.subspan(part.size());
  }
  state_->flush(*channel);
}

bool Multiplexer::writable(ChannelId id) const {
  Channel* channel = state_->channels.find(id);
  if (channel == nullptr || channel->eof_wanted || channel->close_wanted) return false;
  const bool room = state_->has_queue_room(*channel) && state_->sink.writable();
  if (!room) channel->writer_waits = true;
  return room;
}

std::size_t Multiplexer::queued(ChannelId id) const {
  const Channel* channel = state_->channels.find(id);
  return channel == nullptr ? 0 : channel->queue.data_size();
}

void Multiplexer::send_eof(ChannelId id) {
  Channel* channel = state_->channels.find(id);
  if (channel == nullptr || channel->eof_wanted || channel->close_wanted) return;
  channel->eof_wanted = true;
  state_->flush(*channel);
}

void Multiplexer::consumed(ChannelId id, std::size_t count) {
  if (Channel* channel = state_->channels.find(id); channel != nullptr) state_->give_back(*channel, count);
}

// One packet per channel and turn, so that a busy channel does not starve the others.
std::span<const ChannelId> Multiplexer::resume() {
  State& s = *state_;
  const auto slots = s.channels.slots();
  s.may_go_on.clear();
  if (s.channels.size() == 0) return {};
  for (std::size_t idle = 0; idle != slots.size() && s.sink.writable();) {
    Channel* channel = slots[s.turn].get();
    s.turn = (s.turn + 1) % slots.size();
    idle = channel != nullptr && s.send_one(*channel) ? 0 : idle + 1;
  }
  for (const std::unique_ptr<Channel>& channel : slots) {
    if (channel == nullptr) continue;
    s.send_ends(*channel);
    if (!channel->writer_waits || !s.has_queue_room(*channel) || !s.sink.writable()) continue;
    channel->writer_waits = false;
    s.may_go_on.push_back(channel->id);
  }
  return s.may_go_on;
}

Event Multiplexer::State::on_window_adjust(Channel& channel, const ChannelWindowAdjust& message, const Payload&) {
  if (Result<void> added = channel.send_window.add(message.bytes_to_add); !added) return added.error();
  flush(channel);
  if (!channel.writer_waits || channel.close_wanted || !has_queue_room(channel) || !sink.writable()) return no_event();
  channel.writer_waits = false;
  return event_of(WindowOpened{channel.id});
}

Event Multiplexer::State::on_data(Channel& channel, const ChannelData& message, const Payload& payload) {
  return deliver(channel, 0, part_of(payload, message.data), message.data.size());
}

Event Multiplexer::State::on_extended_data(Channel& channel, const ChannelExtendedData& message,
                                           const Payload& payload) {
  // 0 would pass for plain data above; RFC 4254 §5.2 begins with 1.
  if (message.data_type_code == 0) return Error(Errc::bad_value, "data_type_code");
  return deliver(channel, message.data_type_code, part_of(payload, message.data), message.data.size());
}

Event Multiplexer::State::deliver(Channel& channel, std::uint32_t extended_type, Payload data, std::size_t size) {
  // RFC 4254 §5.3: after EOF a party sends no more data.
  if (channel.eof_received) return Error(Errc::unexpected_message, "data after EOF");
  if (Result<void> taken = channel.receive_window.take(size); !taken) return taken.error();
  if (channel.life == Life::closing) {
    give_back(channel, size);
    return no_event();
  }
  if (size == 0) return no_event();
  return event_of(DataReceived{channel.id, extended_type, std::move(data)});
}

Event Multiplexer::State::on_eof(Channel& channel, const ChannelEof&, const Payload&) {
  if (channel.eof_received) return Error(Errc::unexpected_message, "a second EOF");
  channel.eof_received = true;
  return channel.life == Life::closing ? no_event() : event_of(EofReceived{channel.id});
}

void Multiplexer::State::give_back(Channel& channel, std::size_t count) {
  // After its EOF the peer has no use for more window, after our CLOSE we may not speak: the window stays as it is.
  if (channel.eof_received || channel.close_sent) return;
  const std::uint32_t adjustment = channel.receive_window.give_back(count, window_growth_left());
  if (adjustment != 0) sink.send_message(ChannelWindowAdjust{channel.peer_id, adjustment});
}

std::uint32_t Multiplexer::State::window_growth_left() const {
  std::uint32_t left = limits.window_growth;
  for (const std::unique_ptr<Channel>& channel : channels.slots()) {
    if (channel != nullptr) left -= std::min(left, channel->receive_window.size() - limits.initial_window);
  }
  return left;
}

std::size_t Multiplexer::State::data_room(const Channel* channel) const {
  std::size_t room = limits.largest_packet_sent;
  if (channel != nullptr && channel->life != Life::opening) {
    room = std::min<std::size_t>(room, channel->send_window.maximum_packet());
  }
  return std::max(room, std::min<std::size_t>(smallest_buffer, limits.largest_packet_sent));
}

bool Multiplexer::State::has_queue_room(const Channel& channel) const {
  return channel.queue.memory() < limits.queue_limit;
}

bool Multiplexer::State::send_one(Channel& channel) {
  const bool confirmed = channel.life == Life::open || channel.life == Life::closing;
  const std::size_t room = std::min<std::size_t>(channel.send_window.room(), limits.largest_packet_sent);
  if (!confirmed || channel.queue.empty() || room == 0 || !sink.writable()) return false;
  QueuedPacket packet = channel.queue.take(room, sink, stats);
  channel.send_window.use(packet.data_size());
  packet.write_header(channel.peer_id);
  sink.send(std::move(packet.buffer));
  return true;
}

void Multiplexer::State::send_ends(Channel& channel) {
  const bool confirmed = channel.life == Life::open || channel.life == Life::closing;
  if (!confirmed || !channel.queue.empty()) return;
  if (channel.eof_wanted && !channel.eof_sent) {
    channel.eof_sent = true;
    sink.send_message(ChannelEof{channel.peer_id});
  }
  if (channel.life == Life::closing && !channel.close_sent) {
    channel.close_sent = true;
    sink.send_message(ChannelClose{channel.peer_id});
  }
}

void Multiplexer::State::flush(Channel& channel) {
  while (send_one(channel)) {
  }
  send_ends(channel);
  if (!has_queue_room(channel)) channel.writer_waits = true;
}

}  // namespace hawser::channel
