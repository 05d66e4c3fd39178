// Channel requests (RFC 4254 §5.4) and global requests (§4). Replies carry no name: they match requests by order alone,
// so both sides' counts must be right.
#include "channel/multiplexer_state.h"
#include "hawser/wire/limits.h"

namespace hawser::channel {

Result<void> Multiplexer::request(ChannelId id, std::string_view type, bool want_reply, Bytes specific) {
  State& s = *state_;
  Channel* channel = s.channels.find(id);
  if (channel == nullptr || channel->close_wanted) return Error(Errc::unknown_channel);
  if (channel->life != Life::open) return Error(Errc::invalid_state, "the channel is not open yet");
  if (want_reply && channel->requests_unanswered >= s.limits.pending_channel_requests) {
    return Error(Errc::too_many_requests);
  }
  if (want_reply) ++channel->requests_unanswered;
  s.sink.send_message(ChannelRequest{channel->peer_id, type, want_reply, wire::Rest{specific}});
  return {};
}

void Multiplexer::reply_request(ChannelId id, bool success) {
  Channel* channel = state_->channels.find(id);
  if (channel == nullptr || channel->replies_owed == 0 || channel->close_sent) return;
  --channel->replies_owed;
  state_->send_reply(*channel, success);
}

Result<void> Multiplexer::global_request(std::string_view type, bool want_reply, Bytes specific) {
  State& s = *state_;
  if (want_reply && s.global_requests_unanswered >= s.limits.pending_global_requests) {
    return Error(Errc::too_many_requests);
  }
  if (want_reply) ++s.global_requests_unanswered;
  s.sink.send_message(GlobalRequest{type, want_reply, wire::Rest{specific}});
  return {};
}

void Multiplexer::reply_global_request(bool success, Bytes specific) {
  if (state_->global_replies_owed == 0) return;
  --state_->global_replies_owed;
  state_->send_global_reply(success, specific);
}

Event Multiplexer::State::on_request(Channel& channel, const ChannelRequest& message, const Payload& payload) {
  if (channel.life == Life::closing) return no_event();
  if (message.want_reply && channel.replies_owed >= limits.pending_channel_requests) {
    return Error(Errc::too_many_requests, "channel requests without an answer");
  }
  if (message.want_reply) ++channel.replies_owed;
  return event_of(RequestReceived{channel.id, std::string(message.request_type), message.want_reply,
                                  part_of(payload, message.specific.bytes)});
}

Event Multiplexer::State::on_success(Channel& channel, const ChannelSuccess&, const Payload&) {
  return answered(channel, true);
}

Event Multiplexer::State::on_failure(Channel& channel, const ChannelFailure&, const Payload&) {
  return answered(channel, false);
}

Event Multiplexer::State::answered(Channel& channel, bool success) {
  if (channel.requests_unanswered == 0) return Error(Errc::unexpected_reply, "no channel request is unanswered");
  --channel.requests_unanswered;
  return event_of(RequestAnswered{channel.id, success});
}

void Multiplexer::State::send_reply(const Channel& channel, bool success) {
  if (success) {
    sink.send_message(ChannelSuccess{channel.peer_id});
  } else {
    sink.send_message(ChannelFailure{channel.peer_id});
  }
}

Event Multiplexer::State::on_global_request(const Payload& payload) {
  const Result<GlobalRequest> request = wire::decode<GlobalRequest>(payload.bytes());
  if (!request) return request.error();
  if (request->want_reply && global_replies_owed >= limits.pending_global_requests) {
    return Error(Errc::too_many_requests, "global requests without an answer");
  }
  if (request->want_reply) ++global_replies_owed;
  return event_of(GlobalRequestReceived{std::string(request->request_name), request->want_reply,
                                        part_of(payload, request->specific.bytes)});
}

Event Multiplexer::State::on_global_success(const Payload& payload) {
  const Result<RequestSuccess> reply = wire::decode<RequestSuccess>(payload.bytes());
  if (!reply) return reply.error();
  if (global_requests_unanswered == 0) return Error(Errc::unexpected_reply, "no global request is unanswered");
  --global_requests_unanswered;
  return event_of(GlobalRequestAnswered{true, part_of(payload, reply->specific.bytes)});
}

Event Multiplexer::State::on_global_failure(const Payload& payload) {
  const Result<RequestFailure> reply = wire::decode<RequestFailure>(payload.bytes());
  if (!reply) return reply.error();
  if (global_requests_unanswered == 0) return Error(Errc::unexpected_reply, "no global request is unanswered");
  --global_requests_unanswered;
  return event_of(GlobalRequestAnswered{false, {}});
}

void Multiplexer::State::send_global_reply(bool success, Bytes specific) {
  if (success) {
    sink.send_message(RequestSuccess{wire::Rest{specific}});
  } else {
    sink.send_message(RequestFailure{});
  }
}

}  // namespace hawser::channel
