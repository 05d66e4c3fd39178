// What has gone wrong in the connection protocol of other implementations, and does not here. The ids are those of the
// public advisories.
#include <doctest/doctest.h>

#include <limits>

#include "support/message_samples.h"
#include "support/multiplexer_peer.h"

using namespace hawser;
using namespace hawser::channel;
using namespace hawser::test;

namespace {
constexpr std::uint32_t maximum = std::numeric_limits<std::uint32_t>::max();
}

TEST_CASE("[CVE-2025-54804] WINDOW_ADJUST past 2^32 - 1 ends the session") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open(100, {1, 32768});
  CHECK(peer.error(ChannelWindowAdjust{id, maximum}) == Errc::window_exceeded);
}

TEST_CASE("[CVE-2026-39834, CVE-2026-46597] windows and packets of 2^32 - 1 neither loop nor wrap") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open(100, {maximum, maximum});
  peer.multiplexer.send_data(id, ByteVector(100000));
  CHECK(peer.sink.size() == 4);
  CHECK(peer.multiplexer.queued(id) == 0);
}

TEST_CASE("[GHSA-fw5c, CVE-2026-59843] an open with a maximum packet of 0 is refused") {
  MultiplexerPeer peer;
  peer.expect_nothing(ChannelOpen{"session", 100, 1000, 0, {}});
  CHECK(peer.sink.take<ChannelOpenFailure>().recipient_channel == 100);
  CHECK(peer.multiplexer.channel_count() == 0);
}

TEST_CASE("[GHSA-fw5c, CVE-2026-59843] a confirmation with a maximum packet of 0 closes the channel") {
  MultiplexerPeer peer;
  const ChannelId id = *peer.multiplexer.open("session");
  peer.multiplexer.send_data(id, as_bytes("queued before"));
  peer.sink.clear();
  peer.expect_nothing(ChannelOpenConfirmation{id, 100, 1000, 0, {}});
  CHECK(peer.sink.take<ChannelClose>().recipient_channel == 100);
  CHECK(peer.sink.empty());
  CHECK_FALSE(peer.multiplexer.writable(id));
  CHECK(peer.expect<OpenRefused>(ChannelClose{id}).channel == id);
  CHECK(peer.multiplexer.channel_count() == 0);
}

TEST_CASE("[GHSA-fw5c, CVE-2026-59843] a maximum packet of 1 works, within its memory") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open(100, {10, 1});
  peer.multiplexer.send_data(id, ByteVector(1000));
  CHECK(peer.sink.size() == 10);
  while (!peer.sink.empty()) CHECK(peer.sink.take<ChannelData>().data.size() == 1);
  CHECK(peer.multiplexer.queued(id) == 990);
}

TEST_CASE("[CVE-2026-59850] every message about a channel after its CLOSE ends the session") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open();
  peer.expect<Closed>(ChannelClose{id});
  CHECK(peer.error(ChannelData{id, as_bytes("x")}) == Errc::unknown_channel);
  CHECK(peer.error(ChannelExtendedData{id, 1, as_bytes("x")}) == Errc::unknown_channel);
  CHECK(peer.error(ChannelWindowAdjust{id, 1}) == Errc::unknown_channel);
  CHECK(peer.error(ChannelEof{id}) == Errc::unknown_channel);
  CHECK(peer.error(ChannelClose{id}) == Errc::unknown_channel);
  CHECK(peer.error(ChannelRequest{id, "exec", true, {}}) == Errc::unknown_channel);
  CHECK(peer.error(ChannelSuccess{id}) == Errc::unknown_channel);
  CHECK(peer.error(ChannelFailure{id}) == Errc::unknown_channel);
}

TEST_CASE("[GHSA-m65r, GHSA-47hw] a message about a channel that never was ends the session, without an event") {
  MultiplexerPeer peer;
  peer.open();
  for (const ChannelId id : {1u, 63u, 64u, 100u, maximum}) {
    CHECK(peer.error(ChannelData{id, as_bytes("x")}) == Errc::unknown_channel);
    CHECK(peer.error(ChannelRequest{id, "exec", true, {}}) == Errc::unknown_channel);
    CHECK(peer.error(ChannelOpenConfirmation{id, 5, 10, 10, {}}) == Errc::unknown_channel);
  }
}

TEST_CASE("[GHSA-m65r, GHSA-47hw] a new channel is not reached by the number of an old one") {
  MultiplexerPeer peer;
  const ChannelId old = peer.open();
  peer.expect<Closed>(ChannelClose{old});
  peer.sink.clear();
  const ChannelId fresh = peer.open();
  CHECK(fresh != old);
  CHECK(peer.error(ChannelData{old, as_bytes("x")}) == Errc::unknown_channel);
}

TEST_CASE("[GHSA-53q9] repeated exit-status and exit-signal with long strings hold no memory here") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open();
  const std::string text(30000, 'x');
  for (int i = 0; i != 1000; ++i) {
    const ByteVector body = wire::encode(ExitSignal{text, true, text, text});
    const auto received = peer.expect<RequestReceived>(ChannelRequest{id, "exit-signal", false, wire::Rest{body}});
    CHECK(wire::decode<ExitSignal>(received.specific.bytes())->signal_name.size() == text.size());
  }
  CHECK(peer.sink.empty());
}

TEST_CASE("[CVE-2026-39830] replies that nobody asked for end the session instead of blocking it") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open();
  CHECK(peer.error(ChannelSuccess{id}) == Errc::unexpected_reply);
  CHECK(peer.error(ChannelFailure{id}) == Errc::unexpected_reply);
  CHECK(peer.error(RequestSuccess{}) == Errc::unexpected_reply);
  CHECK(peer.error(RequestFailure{}) == Errc::unexpected_reply);
}

TEST_CASE("[CVE-2026-39827] 100,000 refused and 100,000 closed channels leave nothing behind") {
  MultiplexerPeer peer;
  ChannelId last = 0;
  for (int i = 0; i != 100000; ++i) {
    last = peer.expect<OpenRequested>(ChannelOpen{"session", 100, 10, 10, {}}).channel;
    peer.multiplexer.refuse_open(last, OpenFailure::administratively_prohibited, "no");
    peer.sink.clear();
    last = peer.open();
    peer.multiplexer.close(last);
    peer.expect<Closed>(ChannelClose{last});
    peer.sink.clear();
  }
  CHECK(peer.multiplexer.channel_count() == 0);
}

TEST_CASE("[window-overrun] security of channels: one byte beyond the window or the maximum packet ends the session") {
  ChannelLimits limits;
  limits.initial_window = 100;
  limits.maximum_packet = 50;
  MultiplexerPeer peer(limits);
  const ChannelId id = peer.open();
  const ByteVector data(51);
  CHECK(peer.error(ChannelData{id, data}) == Errc::packet_size_exceeded);
  for (int i = 0; i != 2; ++i) peer.expect<DataReceived>(ChannelData{id, Bytes(data).first(50)});
  CHECK(peer.error(ChannelData{id, Bytes(data).first(1)}) == Errc::window_exceeded);
}

TEST_CASE(
    "[short-request] security of channels: requests and opens cut short at every byte are errors, never read past "
    "their end") {
  const auto check = [](const auto& message) { check_message_rules(message); };
  for_each_message<ChannelMessages>(check);
  for_each_message<ChannelOpenBodies>(check);
  for_each_message<ChannelRequestBodies>(check);
  for_each_message<GlobalRequestBodies>(check);
}

TEST_CASE("[CVE-2019-3855] lengths 0, n, n + 1, 2^31 - 1 and 2^32 - 1 at every place of every message") {
  const auto check = [](const auto& message) { check_wild_lengths(message); };
  for_each_message<ChannelMessages>(check);
  for_each_message<ChannelOpenBodies>(check);
  for_each_message<ChannelRequestBodies>(check);
  for_each_message<GlobalRequestBodies>(check);
}
