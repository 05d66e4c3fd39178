// The life of a channel: opening (RFC 4254 §5.1) and closing (§5.3).
#include "channel/multiplexer_state.h"
#include "hawser/wire/dump.h"
#include "hawser/wire/limits.h"

namespace hawser::channel {

Result<ChannelId> Multiplexer::open(std::string_view type, Bytes specific) {
  State& s = *state_;
  const Channel* channel = s.channels.create(Life::opening, s.limits);
  if (channel == nullptr) return Error(Errc::too_many_channels);
  s.sink.send_message(
      ChannelOpen{type, channel->id, s.limits.initial_window, s.limits.maximum_packet, wire::Rest{specific}});
  return channel->id;
}

void Multiplexer::accept_open(ChannelId id) {
  State& s = *state_;
  Channel* channel = s.channels.find(id);
  if (channel == nullptr || channel->life != Life::requested) return;
  s.sink.send_message(
      ChannelOpenConfirmation{channel->peer_id, id, s.limits.initial_window, s.limits.maximum_packet, {}});
  channel->life = Life::open;
  s.flush(*channel);
}

void Multiplexer::refuse_open(ChannelId id, OpenFailure reason, std::string_view description) {
  State& s = *state_;
  const Channel* channel = s.channels.find(id);
  if (channel == nullptr || channel->life != Life::requested) return;
  s.refuse(channel->peer_id, reason, description);
  s.channels.erase(id);
}

void Multiplexer::close(ChannelId id) {
  State& s = *state_;
  Channel* channel = s.channels.find(id);
  if (channel == nullptr || channel->close_wanted) return;
  if (channel->life == Life::requested) return refuse_open(id, OpenFailure::administratively_prohibited, {});
  channel->close_wanted = true;
  // While our OPEN is unanswered we have no number to send CLOSE to: the answer will bring it.
  if (channel->life == Life::open) s.close(*channel);
}

void Multiplexer::State::refuse(std::uint32_t peer_id, OpenFailure reason, std::string_view description) {
  sink.send_message(ChannelOpenFailure{peer_id, static_cast<std::uint32_t>(reason), description, {}});
}

void Multiplexer::State::close(Channel& channel) {
  channel.life = Life::closing;
  flush(channel);
}

Event Multiplexer::State::on_open(const Payload& payload) {
  const Result<ChannelOpen> open = wire::decode<ChannelOpen>(payload.bytes());
  if (!open) return open.error();
  if (channels.peer_uses(open->sender_channel)) {
    return Error(Errc::unexpected_message, "sender_channel is the number of an open channel");
  }
  // A peer that takes no byte at all would make every sender spin or wait for ever.
  if (open->maximum_packet_size == 0) {
    refuse(open->sender_channel, OpenFailure::administratively_prohibited, "the maximum packet size is 0");
    return no_event();
  }
  if (open->channel_type.size() > limits::name) {
    refuse(open->sender_channel, OpenFailure::unknown_channel_type, "unknown channel type");
    return no_event();
  }
  Channel* channel = channels.create(Life::requested, limits);
  if (channel == nullptr) {
    refuse(open->sender_channel, OpenFailure::resource_shortage, "too many channels");
    return no_event();
  }
  channel->peer_id = open->sender_channel;
  channel->send_window = SendWindow(open->initial_window_size, open->maximum_packet_size);
  return event_of(OpenRequested{channel->id, std::string(open->channel_type), part_of(payload, open->specific.bytes)});
}

Event Multiplexer::State::on_open_confirmation(Channel& channel, const ChannelOpenConfirmation& message,
                                               const Payload&) {
  if (channels.peer_uses(message.sender_channel)) {
    return Error(Errc::unexpected_message, "sender_channel is the number of an open channel");
  }
  channel.peer_id = message.sender_channel;
  channel.send_window = SendWindow(message.initial_window_size, message.maximum_packet_size);
  channel.useless = message.maximum_packet_size == 0;
  if (channel.useless) channel.queue.clear();
  if (channel.useless || channel.close_wanted) {
    channel.close_wanted = true;
    close(channel);
    return no_event();
  }
  channel.life = Life::open;
  flush(channel);
  return event_of(Opened{channel.id});
}

Event Multiplexer::State::on_open_failure(Channel& channel, const ChannelOpenFailure& message, const Payload&) {
  const ChannelId id = channel.id;
  channels.erase(id);
  return event_of(OpenRefused{id, message.reason_code, wire::escaped(message.description)});
}

Event Multiplexer::State::on_close(Channel& channel, const ChannelClose&, const Payload&) {
  if (!channel.close_sent) sink.send_message(ChannelClose{channel.peer_id});
  const ChannelId id = channel.id;
  const bool useless = channel.useless;
  channels.erase(id);
  if (useless) {
    return event_of(OpenRefused{id, static_cast<std::uint32_t>(OpenFailure::connect_failed),
                                "the peer's maximum packet size is 0"});
  }
  return event_of(Closed{id});
}

}  // namespace hawser::channel
