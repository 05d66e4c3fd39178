#include "hawser/channel/multiplexer.h"

#include "channel/multiplexer_state.h"
#include "hawser/wire/limits.h"

namespace hawser::channel {
namespace {

// The largest data that fits a packet of limits::packet_length with header and padding.
constexpr std::uint32_t largest_data = limits::packet_length - 1024;

ChannelLimits sane(ChannelLimits limits) {
  limits.maximum_packet = std::min(limits.maximum_packet, largest_data);
  limits.largest_packet_sent = std::clamp<std::uint32_t>(limits.largest_packet_sent, 1, largest_data);
  return limits;
}

}  // namespace

Multiplexer::State::State(PacketSink& s, auth::Authenticated p, ChannelLimits l)
    : sink(s), proof(std::move(p)), limits(sane(l)), channels(limits.channels) {}

Multiplexer::Multiplexer(PacketSink& sink, auth::Authenticated proof, ChannelLimits limits)
    : state_(std::make_unique<State>(sink, std::move(proof), limits)) {}

Multiplexer::~Multiplexer() = default;

Event Multiplexer::receive(const Payload& payload) {
  if (payload.empty()) return Error(Errc::truncated, "message number");
  State& s = *state_;
  switch (payload.bytes()[0]) {
    case ChannelData::number: return s.to_channel(payload, &State::on_data);
    case ChannelWindowAdjust::number: return s.to_channel(payload, &State::on_window_adjust);
    case ChannelExtendedData::number: return s.to_channel(payload, &State::on_extended_data);
    case ChannelEof::number: return s.to_channel(payload, &State::on_eof);
    case ChannelClose::number: return s.to_channel(payload, &State::on_close);
    case ChannelRequest::number: return s.to_channel(payload, &State::on_request);
    case ChannelSuccess::number: return s.to_channel(payload, &State::on_success);
    case ChannelFailure::number: return s.to_channel(payload, &State::on_failure);
    case ChannelOpen::number: return s.on_open(payload);
    case ChannelOpenConfirmation::number: return s.to_channel(payload, &State::on_open_confirmation);
    case ChannelOpenFailure::number: return s.to_channel(payload, &State::on_open_failure);
    case GlobalRequest::number: return s.on_global_request(payload);
    case RequestSuccess::number: return s.on_global_success(payload);
    case RequestFailure::number: return s.on_global_failure(payload);
    default: return Error(Errc::unexpected_message, "not a message of the connection protocol");
  }
}

bool Multiplexer::is_open(ChannelId id) const {
  const Channel* channel = state_->channels.find(id);
  return channel != nullptr && channel->life == Life::open;
}

std::size_t Multiplexer::channel_count() const { return state_->channels.size(); }
const auth::Authenticated& Multiplexer::proof() const { return state_->proof; }
const ChannelStats& Multiplexer::stats() const { return state_->stats; }

}  // namespace hawser::channel
