#include <doctest/doctest.h>

#include "support/multiplexer_pair.h"
#include "support/multiplexer_peer.h"

using namespace hawser;
using namespace hawser::channel;
using namespace hawser::test;

TEST_CASE("channel open: OPEN carries our number, window and maximum packet (RFC 4254 §5.1)") {
  ChannelLimits limits;
  limits.initial_window = 5000;
  limits.maximum_packet = 400;
  MultiplexerPeer peer(limits);
  const Result<ChannelId> id = peer.multiplexer.open("direct-tcpip", as_bytes("tail"));
  REQUIRE(id);
  const auto open = peer.sink.take<ChannelOpen>();
  CHECK(open.channel_type == "direct-tcpip");
  CHECK(open.sender_channel == *id);
  CHECK(open.initial_window_size == 5000);
  CHECK(open.maximum_packet_size == 400);
  CHECK(as_text(open.specific.bytes) == "tail");
  CHECK_FALSE(peer.multiplexer.is_open(*id));

  CHECK(peer.expect<Opened>(ChannelOpenConfirmation{*id, 100, 10, 10, {}}).channel == *id);
  CHECK(peer.multiplexer.is_open(*id));
}

TEST_CASE("channel open: a request is an event with its type and type-specific part (RFC 4254 §5.1)") {
  MultiplexerPeer peer;
  const auto asked =
      peer.expect<OpenRequested>(ChannelOpen{"direct-tcpip", 100, 10, 10, wire::Rest{as_bytes("where")}});
  CHECK(asked.type == "direct-tcpip");
  CHECK(as_text(asked.specific.bytes()) == "where");
  CHECK(peer.sink.empty());

  peer.multiplexer.refuse_open(asked.channel, OpenFailure::connect_failed, "no route");
  const auto failure = peer.sink.take<ChannelOpenFailure>();
  CHECK(failure.recipient_channel == 100);
  CHECK(failure.reason_code == 2);
  CHECK(failure.description == "no route");
  CHECK(peer.multiplexer.channel_count() == 0);
}

TEST_CASE("channel open: a refusal frees the number, and its description is escaped (RFC 4254 §5.1)") {
  MultiplexerPeer peer;
  const ChannelId id = *peer.multiplexer.open("session");
  const auto refused = peer.expect<OpenRefused>(ChannelOpenFailure{id, 4, "full\x1b[2J", ""});
  CHECK(refused.channel == id);
  CHECK(refused.reason == 4);
  CHECK(refused.description == "full\\x1b[2J");
  CHECK(peer.multiplexer.channel_count() == 0);
}

TEST_CASE("channel open: above the limit both sides are refused with resource_shortage") {
  ChannelLimits limits;
  limits.channels = 2;
  MultiplexerPeer peer(limits);
  peer.open(100);
  const ChannelId second = peer.open(101);
  CHECK(peer.multiplexer.open("session").error().code() == Errc::too_many_channels);
  peer.expect_nothing(ChannelOpen{"session", 102, 10, 10, {}});
  CHECK(peer.sink.take<ChannelOpenFailure>().reason_code == 4);

  peer.expect<Closed>(ChannelClose{second});
  peer.sink.clear();
  CHECK(peer.multiplexer.open("session"));
}

TEST_CASE("channel open: a number does not come back while others are free") {
  ChannelLimits limits;
  limits.channels = 2;
  MultiplexerPeer peer(limits);
  std::vector<ChannelId> seen;
  for (int i = 0; i != 1000; ++i) {
    const ChannelId id = peer.open();
    CHECK(std::ranges::find(seen, id) == seen.end());
    seen.push_back(id);
    peer.expect<Closed>(ChannelClose{id});
    peer.sink.clear();
    CHECK(peer.error(ChannelEof{id}) == Errc::unknown_channel);
  }
}

TEST_CASE("channel open: an answer that nobody asked for ends the session") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open();
  CHECK(peer.error(ChannelOpenConfirmation{id, 7, 10, 10, {}}) == Errc::unexpected_reply);
  CHECK(peer.error(ChannelOpenFailure{id, 1, "", ""}) == Errc::unexpected_reply);
  CHECK(peer.error(ChannelOpenConfirmation{id + 1, 7, 10, 10, {}}) == Errc::unknown_channel);
  CHECK(peer.error(ChannelOpenFailure{id + 1, 1, "", ""}) == Errc::unknown_channel);
}

TEST_CASE("channel open: messages about a channel whose open is unanswered end the session") {
  MultiplexerPeer peer;
  const ChannelId ours = *peer.multiplexer.open("session");
  const ChannelId theirs = peer.expect<OpenRequested>(ChannelOpen{"session", 100, 10, 10, {}}).channel;
  // Ours: the peer must answer first. Theirs: it has not been told our number.
  for (const auto& [id, code] : {std::pair{ours, Errc::unexpected_message}, std::pair{theirs, Errc::unknown_channel}}) {
    CHECK(peer.error(ChannelData{id, as_bytes("x")}) == code);
    CHECK(peer.error(ChannelExtendedData{id, 1, as_bytes("x")}) == code);
    CHECK(peer.error(ChannelWindowAdjust{id, 1}) == code);
    CHECK(peer.error(ChannelEof{id}) == code);
    CHECK(peer.error(ChannelClose{id}) == code);
    CHECK(peer.error(ChannelRequest{id, "shell", false, {}}) == code);
    CHECK(peer.error(ChannelSuccess{id}) == code);
    CHECK(peer.error(ChannelFailure{id}) == code);
  }
}

TEST_CASE("channel open: the peer may not use one number for two channels") {
  MultiplexerPeer peer;
  peer.open(100);
  CHECK(peer.error(ChannelOpen{"session", 100, 10, 10, {}}) == Errc::unexpected_message);
  const ChannelId ours = *peer.multiplexer.open("session");
  CHECK(peer.error(ChannelOpenConfirmation{ours, 100, 10, 10, {}}) == Errc::unexpected_message);
}

TEST_CASE("channel open: a type longer than a name may be is refused (RFC 4251 §6)") {
  MultiplexerPeer peer;
  const std::string type(65, 'a');
  peer.expect_nothing(ChannelOpen{type, 100, 10, 10, {}});
  CHECK(peer.sink.take<ChannelOpenFailure>().reason_code == 3);
}

TEST_CASE("channel open: requests and data before the confirmation wait or are refused, and nothing is lost") {
  MultiplexerPair pair;
  const ChannelId ours = *pair.client.multiplexer.open("session");
  CHECK(pair.client.multiplexer.request(ours, "shell", true).error().code() == Errc::invalid_state);
  pair.client.multiplexer.send_data(ours, as_bytes("early"));
  pair.client.multiplexer.send_eof(ours);
  CHECK(pair.client.multiplexer.queued(ours) == 5);
  pair.run();
  const ChannelId theirs = pair.server.take<OpenRequested>().channel;
  pair.server.multiplexer.accept_open(theirs);
  pair.run();
  CHECK(as_text(pair.server.take<DataReceived>().data.bytes()) == "early");
  pair.server.take<EofReceived>();
}
