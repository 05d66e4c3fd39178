#include <doctest/doctest.h>

#include <limits>

#include "support/multiplexer_peer.h"

using namespace hawser;
using namespace hawser::channel;
using namespace hawser::test;

namespace {

constexpr std::uint32_t maximum = std::numeric_limits<std::uint32_t>::max();

ChannelLimits with_window(std::uint32_t window, std::uint32_t packet = 32768) {
  ChannelLimits limits;
  limits.initial_window = window;
  limits.maximum_packet = packet;
  return limits;
}

}  // namespace

TEST_CASE("[window-overrun] channel window: a byte beyond it ends the session (RFC 4254 §5.2)") {
  const ByteVector data(101);
  MultiplexerPeer exact(with_window(100));
  const ChannelId id = exact.open();
  exact.expect<DataReceived>(ChannelData{id, Bytes(data).first(100)});
  CHECK(exact.error(ChannelData{id, Bytes(data).first(1)}) == Errc::window_exceeded);

  MultiplexerPeer at_once(with_window(100));
  CHECK(at_once.error(ChannelData{at_once.open(), data}) == Errc::window_exceeded);
}

TEST_CASE("[window-overrun] channel window: extended data of any type uses it, too (RFC 4254 §5.2)") {
  MultiplexerPeer peer(with_window(10));
  const ChannelId id = peer.open();
  const ByteVector data(4);
  peer.expect<DataReceived>(ChannelExtendedData{id, 1, data});
  peer.expect<DataReceived>(ChannelExtendedData{id, 4711, data});
  CHECK(peer.error(ChannelExtendedData{id, 2, data}) == Errc::window_exceeded);
}

TEST_CASE("channel window: a byte beyond our maximum packet ends the session (RFC 4254 §5.2)") {
  const ByteVector data(65);
  MultiplexerPeer peer(with_window(1000, 64));
  const ChannelId id = peer.open();
  peer.expect<DataReceived>(ChannelData{id, Bytes(data).first(64)});
  CHECK(peer.error(ChannelData{id, data}) == Errc::packet_size_exceeded);
  CHECK(peer.error(ChannelExtendedData{id, 1, data}) == Errc::packet_size_exceeded);
}

TEST_CASE("channel window: it opens again when half of it is consumed, by what was consumed") {
  MultiplexerPeer peer(with_window(100));
  const ChannelId id = peer.open();
  const ByteVector data(100);
  peer.expect<DataReceived>(ChannelData{id, data});
  peer.multiplexer.consumed(id, 49);
  CHECK(peer.sink.empty());
  peer.multiplexer.consumed(id, 1);
  const auto adjust = peer.sink.take<ChannelWindowAdjust>();
  CHECK(adjust.recipient_channel == 100);
  CHECK(adjust.bytes_to_add == 50);
  peer.expect<DataReceived>(ChannelData{id, Bytes(data).first(50)});
  CHECK(peer.error(ChannelData{id, Bytes(data).first(1)}) == Errc::window_exceeded);
}

TEST_CASE("channel window: saying more than was received opens it no further") {
  MultiplexerPeer peer(with_window(100));
  const ChannelId id = peer.open();
  peer.multiplexer.consumed(id, 1000);
  CHECK(peer.sink.empty());
  const ByteVector data(60);
  peer.expect<DataReceived>(ChannelData{id, data});
  peer.multiplexer.consumed(id, std::numeric_limits<std::size_t>::max());
  CHECK(peer.sink.take<ChannelWindowAdjust>().bytes_to_add == 60);
}

TEST_CASE("channel window: one of 1 byte works, and so does one of 2^32 - 1") {
  for (const std::uint32_t window : {1u, 2u, 3u, maximum}) {
    CAPTURE(window);
    MultiplexerPeer peer(with_window(window));
    const ChannelId id = peer.open();
    for (int i = 0; i != 10; ++i) {
      peer.expect<DataReceived>(ChannelData{id, as_bytes("x")});
      peer.multiplexer.consumed(id, 1);
    }
    CHECK(peer.sink.size() == (window == maximum ? 0 : 10));
  }
}

TEST_CASE("channel window: after EOF and after our CLOSE it is not opened any more") {
  const ByteVector data(10);
  MultiplexerPeer peer(with_window(10));
  const ChannelId ended = peer.open(100);
  peer.expect<DataReceived>(ChannelData{ended, data});
  peer.expect<EofReceived>(ChannelEof{ended});
  peer.multiplexer.consumed(ended, 10);
  CHECK(peer.sink.empty());

  const ChannelId closed = peer.open(101);
  peer.expect<DataReceived>(ChannelData{closed, data});
  peer.multiplexer.close(closed);
  peer.sink.take<ChannelClose>();
  peer.multiplexer.consumed(closed, 10);
  CHECK(peer.sink.empty());
}

TEST_CASE("channel window: the peer may open its own up to 2^32 - 1 and no further (RFC 4254 §5.2)") {
  struct Row {
    std::uint32_t initial;
    std::uint32_t add;
    Errc code;
  };
  for (const Row row : {Row{0, maximum, Errc::ok}, Row{1, maximum, Errc::window_exceeded}, Row{maximum, 0, Errc::ok},
                        Row{maximum, 1, Errc::window_exceeded}, Row{maximum - 1, 1, Errc::ok},
                        Row{0x80000000, 0x7fffffff, Errc::ok}, Row{0x80000000, 0x80000000, Errc::window_exceeded}}) {
    CAPTURE(row.initial);
    CAPTURE(row.add);
    MultiplexerPeer peer;
    CHECK(peer.error(ChannelWindowAdjust{peer.open(100, {row.initial, 100}), row.add}) == row.code);
  }
}

TEST_CASE("channel window: what has been sent no longer counts against the sum") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open(100, {maximum, 100});
  peer.multiplexer.send_data(id, as_bytes("ten bytes!"));
  CHECK(peer.error(ChannelWindowAdjust{id, 10}) == Errc::ok);
  CHECK(peer.error(ChannelWindowAdjust{id, 1}) == Errc::window_exceeded);
}
