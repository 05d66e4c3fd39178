// Joins a channel and a stream: what one side sends the other receives, each direction with backpressure and an end of
// its own. What carries every kind of forwarding (RFC 4254 §7).
#pragma once

#include "hawser/net/channel.h"
#include "hawser/net/stream.h"

namespace hawser::net {

// Returns when the channel has closed; the stream is closed by then. The channel closes when both directions have
// ended, when either side breaks, and with its connection. What the peer sent before it closed is still delivered, for
// 10 s at most. Memory: one packet per direction, and what the channel queues. Runs on the channel's executor.
Awaitable<void> relay(std::shared_ptr<Channel> channel, std::unique_ptr<Stream> stream);

}  // namespace hawser::net
