// One Multiplexer, and a peer played by hand that may break every rule. The peer's channel numbers begin at 100, so
// that a test sees when one side's number is taken for the other's.
#pragma once

#include <doctest/doctest.h>

#include "hawser/channel/messages.h"
#include "hawser/channel/multiplexer.h"
#include "support/recording_sink.h"

namespace hawser::test {

struct PeerWindow {
  std::uint32_t size = 1 << 20;
  std::uint32_t maximum_packet = 32768;
};

class MultiplexerPeer {
 public:
  explicit MultiplexerPeer(channel::ChannelLimits limits = {})
      : multiplexer(sink, auth::Authenticated::without_authentication("user"), limits) {}

  template <class M>
  Result<std::optional<channel::ChannelEvent>> give(const M& message) {
    return multiplexer.receive(payload(message));
  }
  // The message must be taken, and say this.
  template <class E, class M>
  E expect(const M& message) {
    const auto event = give(message);
    REQUIRE_MESSAGE(event, (event ? std::string() : event.error().message()));
    REQUIRE(event->has_value());
    REQUIRE(std::holds_alternative<E>(**event));
    return std::get<E>(**event);
  }
  template <class M>
  void expect_nothing(const M& message) {
    const auto event = give(message);
    REQUIRE_MESSAGE(event, (event ? std::string() : event.error().message()));
    CHECK_FALSE(event->has_value());
  }
  // The code that the message ends the session with; ok where it does not.
  template <class M>
  Errc error(const M& message) {
    const auto event = give(message);
    return event ? Errc::ok : event.error().code();
  }

  // A channel that the peer has opened, confirmed; the sink is empty after it.
  channel::ChannelId open(std::uint32_t peer_id = 100, PeerWindow window = {}) {
    const auto asked = expect<channel::OpenRequested>(
        channel::ChannelOpen{"session", peer_id, window.size, window.maximum_packet, {}});
    multiplexer.accept_open(asked.channel);
    CHECK(sink.take<channel::ChannelOpenConfirmation>().recipient_channel == peer_id);
    CHECK(sink.empty());
    return asked.channel;
  }

  RecordingSink sink;
  PayloadMaker payload;
  channel::Multiplexer multiplexer;
};

}  // namespace hawser::test
