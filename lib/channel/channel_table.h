// The channels of one session by our number, and what each message of the peer means in each stage of a channel's life.
#pragma once

#include <memory>
#include <vector>

#include "channel/send_queue.h"
#include "channel/window.h"
#include "hawser/channel/multiplexer.h"

namespace hawser::channel {

enum class Life : std::uint8_t {
  opening,    // our OPEN is unanswered
  requested,  // the peer's OPEN is unanswered: it does not know our number yet
  open,
  closing,  // closed by us; CLOSE may still wait behind data
};
inline constexpr std::size_t life_count = 4;

struct Channel {
  Channel(ChannelId number, Life stage, const ChannelLimits& limits)
      : id(number), life(stage), receive_window(limits.initial_window, limits.maximum_packet) {}

  ChannelId id;
  Life life;
  std::uint32_t peer_id = 0;  // not before `requested` or `open`
  ReceiveWindow receive_window;
  SendWindow send_window;
  SendQueue queue;
  std::size_t requests_unanswered = 0;  // by the peer
  std::size_t replies_owed = 0;         // by us
  bool writer_waits = false;            // writable() was false, and nobody has been told since
  bool eof_received = false;
  bool eof_wanted = false;  // sent once the queue is empty
  bool eof_sent = false;
  bool close_wanted = false;
  bool close_sent = false;
  bool useless = false;  // confirmed with a maximum packet of 0: ends as OpenRefused
};

// ok: the message is handled. `closing` handles most, to count what the peer does; its data and requests are dropped.
Errc check_message(std::uint8_t number, const Channel* channel);

class ChannelTable {
 public:
  explicit ChannelTable(std::size_t limit) : slots_(limit) {}

  // Null when all slots are taken. A number is not given twice before all others were.
  Channel* create(Life life, const ChannelLimits& limits);
  void erase(ChannelId id);

  Channel* find(ChannelId id) const;
  bool peer_uses(std::uint32_t peer_id) const;
  std::size_t size() const { return size_; }
  bool full() const { return size_ == slots_.size(); }
  std::span<const std::unique_ptr<Channel>> slots() const { return slots_; }  // empty ones are null

 private:
  std::vector<std::unique_ptr<Channel>> slots_;  // a channel lies at its number modulo the size
  std::size_t size_ = 0;
  ChannelId next_ = 0;
};

}  // namespace hawser::channel
