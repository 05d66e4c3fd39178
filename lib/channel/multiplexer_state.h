// What a Multiplexer is made of. Its functions lie by subject: opening.cpp (life of a channel), data.cpp, requests.cpp.
#pragma once

#include "channel/channel_table.h"
#include "hawser/channel/messages.h"

namespace hawser::channel {

using Event = Result<std::optional<ChannelEvent>>;

inline Event no_event() { return std::optional<ChannelEvent>(); }
inline Event event_of(ChannelEvent event) { return std::optional(std::move(event)); }

// The part of `payload` that a decoded field views. An empty one holds no slab.
inline Payload part_of(const Payload& payload, Bytes field) {
  if (field.empty()) return {};
  return payload.subspan(static_cast<std::size_t>(field.data() - payload.bytes().data()), field.size());
}

struct Multiplexer::State {
  State(PacketSink& s, auth::Authenticated p, ChannelLimits l);

  // Decodes a message about one channel, and finds the channel in a stage of life where it makes sense.
  template <class Message>
  Event to_channel(const Payload& payload, Event (State::*handle)(Channel&, const Message&, const Payload&)) {
    const Result<Message> message = wire::decode<Message>(payload.bytes());
    if (!message) return message.error();
    Channel* channel = channels.find(message->recipient_channel);
    if (const Errc code = check_message(Message::number, channel); code != Errc::ok) return Error(code, Message::name);
    return (this->*handle)(*channel, *message, payload);
  }

  // Life.
  Event on_open(const Payload& payload);
  Event on_open_confirmation(Channel& channel, const ChannelOpenConfirmation& message, const Payload& payload);
  Event on_open_failure(Channel& channel, const ChannelOpenFailure& message, const Payload& payload);
  Event on_close(Channel& channel, const ChannelClose& message, const Payload& payload);
  void refuse(std::uint32_t peer_id, OpenFailure reason, std::string_view description);
  void close(Channel& channel);

  // Data.
  Event on_window_adjust(Channel& channel, const ChannelWindowAdjust& message, const Payload& payload);
  Event on_data(Channel& channel, const ChannelData& message, const Payload& payload);
  Event on_extended_data(Channel& channel, const ChannelExtendedData& message, const Payload& payload);
  Event on_eof(Channel& channel, const ChannelEof& message, const Payload& payload);
  Event deliver(Channel& channel, std::uint32_t extended_type, Payload data, std::size_t size);
  void give_back(Channel& channel, std::size_t count);
  std::uint32_t window_growth_left() const;
  std::size_t data_room(const Channel* channel) const;  // data bytes in a packet made now
  bool has_queue_room(const Channel& channel) const;
  // Sends one packet of the queue where window and sink allow.
  bool send_one(Channel& channel);
  // EOF and CLOSE, once nothing stands before them.
  void send_ends(Channel& channel);
  void flush(Channel& channel);

  // Requests.
  Event on_request(Channel& channel, const ChannelRequest& message, const Payload& payload);
  Event on_success(Channel& channel, const ChannelSuccess& message, const Payload& payload);
  Event on_failure(Channel& channel, const ChannelFailure& message, const Payload& payload);
  Event answered(Channel& channel, bool success);
  void send_reply(const Channel& channel, bool success);
  Event on_global_request(const Payload& payload);
  Event on_global_success(const Payload& payload);
  Event on_global_failure(const Payload& payload);
  void send_global_reply(bool success, Bytes specific);

  PacketSink& sink;
  auth::Authenticated proof;
  ChannelLimits limits;
  ChannelTable channels;
  std::size_t global_requests_unanswered = 0;  // by the peer
  std::size_t global_replies_owed = 0;         // by us
  std::size_t turn = 0;                        // the slot that `resume` goes on with
  PacketChain scratch;                         // of send_data
  std::vector<ChannelId> may_go_on;            // what `resume` gives; kept for its memory
  ChannelStats stats;
};

}  // namespace hawser::channel
