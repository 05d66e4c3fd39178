// The connection protocol (RFC 4254), sans I/O: channels over one packet sink, in either role.
//
// Feed it messages 80..127; each gives at most one event. A channel is named by our number for it. Received data stays
// in its slab: the event's Payload is the data itself, and the window opens again only when the owner says `consumed`.
// Data to send is written into packet buffers that `reserve` gives; `send` puts them on the channel's queue, from where
// they leave as the peer's window and the sink allow. A writer looks at `writable` before it makes more; after it was
// false, WindowOpened or `resume` says when to go on.
//
// Closing: `close` says CLOSE once the queue has left; from then on what the peer still sends is dropped. A CLOSE of
// the peer is answered at once, and what was still queued is dropped, since nobody reads it (RFC 4254 §5.3). Closed
// ends both. Calls that name a channel which is gone do nothing: its end may cross a call on the way.
//
// A peer that breaks flow control, speaks of a channel that is not open, speaks on after its EOF or CLOSE, or answers
// what was not asked, ends the session (the error of `receive`).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "hawser/auth/authenticated.h"
#include "hawser/transport/role.h"
#include "hawser/wire/packet_chain.h"
#include "hawser/wire/packet_sink.h"
#include "hawser/wire/payload.h"

namespace hawser::channel {

using ChannelId =
    std::uint32_t;  // our number; not used again before 2^32 others, so that a late message finds no new channel

struct ChannelLimits {
  std::uint32_t initial_window = 2 * 1024 * 1024;  // bytes the peer may send ahead on one channel
  // By how much all windows of a connection may grow, together. The one of a channel quadruples while the peer sends
  // much and the reader keeps up: what is enough nearby is less than a long line holds. 0: they stay as they are.
  std::uint32_t window_growth = 30 * 1024 * 1024;
  std::uint32_t maximum_packet = 32 * 1024;  // data bytes in one packet from the peer (RFC 4254 §5.1: 32,768 at least)
  std::uint32_t largest_packet_sent = 32 * 1024;  // never above the peer's maximum
  std::size_t channels = 64;
  std::size_t pending_global_requests = 16;   // without an answer, in each direction
  std::size_t pending_channel_requests = 32;  // the same, on one channel
  std::size_t queue_limit = 1024 * 1024;      // memory queued on a channel above which writable() is false
};

// What ought to stay small: the way from the writer to the sink copies nothing else.
struct ChannelStats {
  std::uint64_t payload_bytes_copied = 0;  // by send_data, send_extended and splitting
  std::uint64_t packets_split = 0;         // that were larger than the window's rest, or than a tiny maximum packet
};

// RFC 4254 §5.1
enum class OpenFailure : std::uint32_t {
  administratively_prohibited = 1,
  connect_failed = 2,
  unknown_channel_type = 3,
  resource_shortage = 4,
};

struct OpenRequested {  // answer with accept_open or refuse_open
  ChannelId channel = 0;
  std::string type;
  Payload specific;  // the type-specific fields
};
struct Opened {
  ChannelId channel = 0;
};
struct OpenRefused {  // the number is free again
  ChannelId channel = 0;
  std::uint32_t reason = 0;  // RFC 4254 §5.1; connect_failed where the peer opened a channel that takes no data
  std::string description;   // escaped
};
struct DataReceived {
  ChannelId channel = 0;
  std::uint32_t extended_type = 0;  // 0: data; 1: stderr (RFC 4254 §5.2)
  Payload data;
};
struct WindowOpened {  // the queue has drained below its limit again
  ChannelId channel = 0;
};
struct EofReceived {
  ChannelId channel = 0;
};
struct Closed {  // both sides have closed; the number may be used again
  ChannelId channel = 0;
};
struct RequestReceived {  // answer in order with reply_request where want_reply
  ChannelId channel = 0;
  std::string type;
  bool want_reply = false;
  Payload specific;
};
struct RequestAnswered {  // in the order of the requests sent with want_reply
  ChannelId channel = 0;
  bool success = false;
};
struct GlobalRequestReceived {  // answer in order with reply_global_request where want_reply
  std::string type;
  bool want_reply = false;
  Payload specific;
};
struct GlobalRequestAnswered {
  bool success = false;
  Payload specific;
};
using ChannelEvent = std::variant<OpenRequested, Opened, OpenRefused, DataReceived, WindowOpened, EofReceived, Closed,
                                  RequestReceived, RequestAnswered, GlobalRequestReceived, GlobalRequestAnswered>;

class Multiplexer {
 public:
  // `sink` is borrowed. The token proves that authentication has succeeded.
  Multiplexer(PacketSink& sink, auth::Authenticated proof, ChannelLimits limits = {});
  ~Multiplexer();

  Result<std::optional<ChannelEvent>> receive(const Payload& payload);
  // To be called when the sink has become writable again: moves queued data on. Gives the channels whose writers may go
  // on; the list is valid until the next call.
  std::span<const ChannelId> resume();

  // Opening. Errors: too_many_channels.
  Result<ChannelId> open(std::string_view type, Bytes specific = {});
  void accept_open(ChannelId channel);
  void refuse_open(ChannelId channel, OpenFailure reason, std::string_view description);

  // Sending data: room for exactly `size` bytes in packets no larger than the peer takes, appended to `out`; then send
  // what has been written of it. Data for a channel on which EOF or CLOSE was said is dropped. `send` leaves the chain
  // empty.
  void reserve(ChannelId channel, std::size_t size, PacketChain& out);
  void send(ChannelId channel, PacketChain& chain);
  void send_extended(ChannelId channel, std::uint32_t type, Bytes data);
  void send_data(ChannelId channel, Bytes data);  // reserve, copy, send
  bool writable(ChannelId channel) const;
  std::size_t queued(ChannelId channel) const;  // data bytes
  // Leaves after the data queued before it.
  void send_eof(ChannelId channel);
  void close(ChannelId channel);

  // The receiver is done with this much data: the window opens again once half of it is used, a sixteenth at a time.
  void consumed(ChannelId channel, std::size_t count);

  // Requests. Errors of the asking kind: unknown_channel, invalid_state (not open yet), too_many_requests.
  Result<void> request(ChannelId channel, std::string_view type, bool want_reply, Bytes specific = {});
  void reply_request(ChannelId channel, bool success);
  Result<void> global_request(std::string_view type, bool want_reply, Bytes specific = {});
  void reply_global_request(bool success, Bytes specific = {});

  // Confirmed, and closed by neither side.
  bool is_open(ChannelId channel) const;
  std::size_t channel_count() const;
  const auth::Authenticated& proof() const;
  const ChannelStats& stats() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hawser::channel
