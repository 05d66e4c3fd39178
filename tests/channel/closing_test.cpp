#include <doctest/doctest.h>

#include "support/multiplexer_pair.h"
#include "support/multiplexer_peer.h"

using namespace hawser;
using namespace hawser::channel;
using namespace hawser::test;

TEST_CASE("channel close: either side may begin; both send CLOSE once (RFC 4254 §5.3)") {
  for (const bool client_first : {true, false}) {
    MultiplexerPair pair;
    const auto [ours, theirs] = pair.open();
    if (client_first) {
      pair.client.multiplexer.close(ours);
      pair.client.multiplexer.close(ours);
    } else {
      pair.server.multiplexer.close(theirs);
      pair.server.multiplexer.close(theirs);
    }
    pair.run();
    CHECK(pair.client.take<Closed>().channel == ours);
    CHECK(pair.server.take<Closed>().channel == theirs);
    CHECK(pair.client.multiplexer.channel_count() == 0);
    CHECK(pair.server.multiplexer.channel_count() == 0);
  }
}

TEST_CASE("channel close: CLOSE of both sides may cross") {
  MultiplexerPair pair;
  const auto [ours, theirs] = pair.open();
  pair.client.multiplexer.close(ours);
  pair.server.multiplexer.close(theirs);
  pair.run();
  pair.client.take<Closed>();
  pair.server.take<Closed>();
}

TEST_CASE("channel close: EOF and CLOSE leave after the data queued before them") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open(100, {2, 100});
  peer.multiplexer.send_data(id, as_bytes("abcd"));
  peer.multiplexer.send_eof(id);
  peer.multiplexer.close(id);
  CHECK(as_text(peer.sink.take<ChannelData>().data) == "ab");
  CHECK(peer.sink.empty());
  peer.expect_nothing(ChannelWindowAdjust{id, 1});
  CHECK(as_text(peer.sink.take<ChannelData>().data) == "c");
  CHECK(peer.sink.empty());
  peer.expect_nothing(ChannelWindowAdjust{id, 1});
  CHECK(as_text(peer.sink.take<ChannelData>().data) == "d");
  CHECK(peer.sink.take<ChannelEof>().recipient_channel == 100);
  CHECK(peer.sink.take<ChannelClose>().recipient_channel == 100);
  CHECK(peer.sink.empty());
}

TEST_CASE("channel close: EOF closes one direction only (RFC 4254 §5.3)") {
  MultiplexerPair pair;
  const auto [ours, theirs] = pair.open();
  pair.client.multiplexer.send_eof(ours);
  pair.client.multiplexer.send_eof(ours);
  pair.client.multiplexer.send_data(ours, as_bytes("too late"));
  pair.run();
  pair.server.take<EofReceived>();
  CHECK(pair.server.events.empty());
  pair.server.multiplexer.send_data(theirs, as_bytes("still talking"));
  REQUIRE(pair.server.multiplexer.request(theirs, "exit-status", false, wire::encode(ExitStatus{0})));
  pair.run();
  CHECK(as_text(pair.client.take<DataReceived>().data.bytes()) == "still talking");
  CHECK(pair.client.take<RequestReceived>().type == "exit-status");
}

TEST_CASE("channel close: data, more data or a second EOF after EOF end the session (RFC 4254 §5.3)") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open();
  peer.expect<EofReceived>(ChannelEof{id});
  CHECK(peer.error(ChannelData{id, as_bytes("x")}) == Errc::unexpected_message);
  CHECK(peer.error(ChannelData{id, {}}) == Errc::unexpected_message);
  CHECK(peer.error(ChannelExtendedData{id, 1, as_bytes("x")}) == Errc::unexpected_message);
  CHECK(peer.error(ChannelEof{id}) == Errc::unexpected_message);
}

TEST_CASE("channel close: a CLOSE of the peer is answered at once and drops what was queued") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open(100, {0, 100});
  peer.multiplexer.send_data(id, as_bytes("never leaves"));
  CHECK(peer.expect<Closed>(ChannelClose{id}).channel == id);
  CHECK(peer.sink.take<ChannelClose>().recipient_channel == 100);
  CHECK(peer.sink.empty());
  CHECK_FALSE(peer.multiplexer.is_open(id));
}

TEST_CASE("channel close: what the peer had in flight when we closed is dropped, its window still enforced") {
  ChannelLimits limits;
  limits.initial_window = 4;
  MultiplexerPeer peer(limits);
  const ChannelId id = peer.open();
  REQUIRE(peer.multiplexer.request(id, "a", true));
  peer.sink.clear();
  peer.multiplexer.close(id);
  peer.sink.take<ChannelClose>();
  peer.expect_nothing(ChannelData{id, as_bytes("ab")});
  peer.expect_nothing(ChannelExtendedData{id, 1, as_bytes("c")});
  peer.expect_nothing(ChannelRequest{id, "exit-status", true, {}});
  peer.expect_nothing(ChannelWindowAdjust{id, 5});
  peer.expect<RequestAnswered>(ChannelSuccess{id});
  CHECK(peer.error(ChannelData{id, as_bytes("de")}) == Errc::window_exceeded);
  peer.expect_nothing(ChannelEof{id});
  CHECK(peer.sink.empty());
  peer.expect<Closed>(ChannelClose{id});
  CHECK(peer.sink.empty());
}

TEST_CASE("channel close: while our CLOSE waits behind data the peer's data does not stop it") {
  ChannelLimits limits;
  limits.initial_window = 4;
  limits.window_growth = 0;
  MultiplexerPeer peer(limits);
  const ChannelId id = peer.open(100, {0, 100});
  peer.multiplexer.send_data(id, as_bytes("x"));
  peer.multiplexer.close(id);
  CHECK(peer.sink.empty());
  peer.expect_nothing(ChannelData{id, as_bytes("abcd")});
  CHECK(peer.sink.take<ChannelWindowAdjust>().bytes_to_add == 4);
  CHECK_FALSE(peer.multiplexer.is_open(id));
}

TEST_CASE("channel close: a channel closed before its open is answered closes with the answer") {
  MultiplexerPeer peer;
  const ChannelId id = *peer.multiplexer.open("session");
  peer.sink.clear();
  peer.multiplexer.close(id);
  CHECK(peer.sink.empty());
  peer.expect_nothing(ChannelOpenConfirmation{id, 100, 10, 10, {}});
  CHECK(peer.sink.take<ChannelClose>().recipient_channel == 100);
  CHECK(peer.expect<Closed>(ChannelClose{id}).channel == id);
}

TEST_CASE("channel close: closing what the peer asked to open refuses it") {
  MultiplexerPeer peer;
  const ChannelId id = peer.expect<OpenRequested>(ChannelOpen{"session", 100, 10, 10, {}}).channel;
  peer.multiplexer.close(id);
  CHECK(peer.sink.take<ChannelOpenFailure>().reason_code == 1);
  CHECK(peer.multiplexer.channel_count() == 0);
}

TEST_CASE("channel close: calls about a channel that is gone do nothing") {
  MultiplexerPeer peer;
  Multiplexer& multiplexer = peer.multiplexer;
  const ChannelId id = peer.open();
  peer.expect<Closed>(ChannelClose{id});
  peer.sink.clear();
  PacketChain chain;
  multiplexer.reserve(id, 10, chain);
  CHECK(chain.size() == 10);
  chain.write(as_bytes("0123456789"));
  multiplexer.send(id, chain);
  CHECK(chain.size() == 0);
  multiplexer.send_data(id, as_bytes("x"));
  multiplexer.send_extended(id, 1, as_bytes("x"));
  multiplexer.send_eof(id);
  multiplexer.close(id);
  multiplexer.consumed(id, 10);
  multiplexer.reply_request(id, true);
  multiplexer.accept_open(id);
  multiplexer.refuse_open(id, OpenFailure::connect_failed, "");
  CHECK(multiplexer.request(id, "shell", false).error().code() == Errc::unknown_channel);
  CHECK_FALSE(multiplexer.writable(id));
  CHECK(multiplexer.queued(id) == 0);
  CHECK(peer.sink.empty());
}
