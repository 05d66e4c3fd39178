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
  limits.window_growth = 0;
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

TEST_CASE("channel window: it opens again once half of it is used, by what was consumed, a sixteenth at a time") {
  MultiplexerPeer peer(with_window(160));
  const ChannelId id = peer.open();
  const ByteVector data(160);
  peer.expect<DataReceived>(ChannelData{id, Bytes(data).first(79)});
  peer.multiplexer.consumed(id, 79);
  CHECK(peer.sink.empty());
  peer.expect<DataReceived>(ChannelData{id, Bytes(data).first(81)});
  peer.multiplexer.consumed(id, 1);
  const auto adjust = peer.sink.take<ChannelWindowAdjust>();
  CHECK(adjust.recipient_channel == 100);
  CHECK(adjust.bytes_to_add == 80);
  peer.multiplexer.consumed(id, 9);
  CHECK(peer.sink.empty());
  peer.multiplexer.consumed(id, 1);
  CHECK(peer.sink.take<ChannelWindowAdjust>().bytes_to_add == 10);
  peer.expect<DataReceived>(ChannelData{id, Bytes(data).first(90)});
  CHECK(peer.error(ChannelData{id, Bytes(data).first(1)}) == Errc::window_exceeded);
}

TEST_CASE("channel window: the last bytes of it are given back, too") {
  // Whatever the peer sends, it is never left with less than half of the window when all has been consumed.
  for (const std::size_t step : {1u, 3u, 7u, 64u, 100u}) {
    CAPTURE(step);
    MultiplexerPeer peer(with_window(160));
    const ChannelId id = peer.open();
    const ByteVector data(160);
    std::size_t left = 160;
    for (int i = 0; i != 200; ++i) {
      const std::size_t size = std::min(step, left);
      peer.expect<DataReceived>(ChannelData{id, Bytes(data).first(size)});
      peer.multiplexer.consumed(id, size);
      left -= size;
      while (!peer.sink.empty()) left += peer.sink.take<ChannelWindowAdjust>().bytes_to_add;
      REQUIRE(left >= 80 - 10);
    }
  }
}

namespace {

// Sends and consumes so much, in packets of 1000 bytes at most; what the window is then.
std::size_t window_after(MultiplexerPeer& peer, ChannelId id, std::size_t window, std::size_t bytes) {
  const ByteVector data(1000);
  std::size_t left = window;
  for (std::size_t sent = 0; sent < bytes;) {
    const std::size_t size = std::min(data.size(), left);
    peer.expect<DataReceived>(ChannelData{id, Bytes(data).first(size)});
    peer.multiplexer.consumed(id, size);
    sent += size;
    left -= size;
    while (!peer.sink.empty()) left += peer.sink.take<ChannelWindowAdjust>().bytes_to_add;
  }
  return left;
}

}  // namespace

TEST_CASE("channel window: it grows while much comes and the reader keeps up, up to what all channels may grow by") {
  ChannelLimits limits = with_window(16'000);
  limits.window_growth = 100'000;
  MultiplexerPeer peer(limits);
  const ChannelId first = peer.open();
  CHECK(window_after(peer, first, 16'000, 6'000) <= 16'000);
  // 16, 64 and 116 thousand.
  const std::size_t grown = window_after(peer, first, 10'000, 300'000);
  CHECK(grown <= 116'000);
  CHECK(grown >= 50'000);
  // Nothing is left for a second channel, until the first has gone.
  const ChannelId second = peer.open(101);
  CHECK(window_after(peer, second, 16'000, 300'000) <= 16'000);
  peer.multiplexer.close(first);
  peer.expect<Closed>(ChannelClose{first});
  peer.sink.clear();
  CHECK(window_after(peer, second, 8'000, 300'000) > 16'000);
}

TEST_CASE("channel window: it does not grow for a reader that falls behind") {
  ChannelLimits limits = with_window(16'000);
  limits.window_growth = 1'000'000;
  MultiplexerPeer peer(limits);
  const ChannelId id = peer.open();
  const ByteVector data(1000);
  for (int i = 0; i != 9; ++i) peer.expect<DataReceived>(ChannelData{id, data});
  std::size_t given = 0;
  for (int i = 0; i != 300; ++i) {
    peer.expect<DataReceived>(ChannelData{id, data});
    peer.multiplexer.consumed(id, 1000);
    while (!peer.sink.empty()) given += peer.sink.take<ChannelWindowAdjust>().bytes_to_add;
  }
  CHECK(given <= 300'000);
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
    // Where a byte is less than half of the window, every second one opens it again.
    CHECK(peer.sink.size() == (window == maximum ? 0 : window == 3 ? 5 : 10));
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
