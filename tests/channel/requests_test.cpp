#include <doctest/doctest.h>

#include "support/multiplexer_pair.h"
#include "support/multiplexer_peer.h"

using namespace hawser;
using namespace hawser::channel;
using namespace hawser::test;

TEST_CASE("channel request: type, want_reply and body arrive; any type comes up (RFC 4254 §5.4)") {
  MultiplexerPair pair;
  const auto [ours, theirs] = pair.open();
  REQUIRE(pair.client.multiplexer.request(ours, "exec", true, wire::encode(ExecRequest{"ls -l"})));
  REQUIRE(pair.client.multiplexer.request(ours, "whatever@example.com", false));
  pair.run();
  const auto exec = pair.server.take<RequestReceived>();
  CHECK(exec.channel == theirs);
  CHECK(exec.type == "exec");
  CHECK(exec.want_reply);
  const auto body = wire::decode<ExecRequest>(exec.specific.bytes());
  REQUIRE(body);
  CHECK(body->command == "ls -l");
  const auto unknown = pair.server.take<RequestReceived>();
  CHECK(unknown.type == "whatever@example.com");
  CHECK_FALSE(unknown.want_reply);
}

TEST_CASE("channel request: replies come in the order of the requests (RFC 4254 §5.4)") {
  MultiplexerPair pair;
  const auto [ours, theirs] = pair.open();
  for (const char* type : {"a", "b", "c"}) REQUIRE(pair.client.multiplexer.request(ours, type, true));
  pair.run();
  for (const bool success : {true, false, true}) pair.server.multiplexer.reply_request(theirs, success);
  pair.run();
  for (const bool success : {true, false, true}) CHECK(pair.client.take<RequestAnswered>().success == success);
}

TEST_CASE("channel request: a reply that nobody asked for ends the session") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open();
  CHECK(peer.error(ChannelSuccess{id}) == Errc::unexpected_reply);
  CHECK(peer.error(ChannelFailure{id}) == Errc::unexpected_reply);
  REQUIRE(peer.multiplexer.request(id, "no reply wanted", false));
  CHECK(peer.error(ChannelSuccess{id}) == Errc::unexpected_reply);
  REQUIRE(peer.multiplexer.request(id, "wanted", true));
  peer.expect<RequestAnswered>(ChannelFailure{id});
  CHECK(peer.error(ChannelFailure{id}) == Errc::unexpected_reply);
}

TEST_CASE("channel request: a reply of one channel is not taken for another's") {
  MultiplexerPeer peer;
  const ChannelId first = peer.open(100);
  const ChannelId second = peer.open(101);
  REQUIRE(peer.multiplexer.request(first, "a", true));
  CHECK(peer.error(ChannelSuccess{second}) == Errc::unexpected_reply);
  peer.expect<RequestAnswered>(ChannelSuccess{first});
}

TEST_CASE("channel request: no more replies leave than were asked for") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open();
  peer.expect<RequestReceived>(ChannelRequest{id, "env", false, {}});
  peer.multiplexer.reply_request(id, true);
  CHECK(peer.sink.empty());
  peer.expect<RequestReceived>(ChannelRequest{id, "env", true, {}});
  peer.multiplexer.reply_request(id, true);
  peer.multiplexer.reply_request(id, true);
  CHECK(peer.sink.take<ChannelSuccess>().recipient_channel == 100);
  CHECK(peer.sink.empty());
}

TEST_CASE("channel request: the unanswered ones are limited in both directions") {
  ChannelLimits limits;
  limits.pending_channel_requests = 3;
  MultiplexerPeer peer(limits);
  const ChannelId id = peer.open();
  for (int i = 0; i != 3; ++i) {
    REQUIRE(peer.multiplexer.request(id, "a", true));
    peer.expect<RequestReceived>(ChannelRequest{id, "a", true, {}});
  }
  CHECK(peer.multiplexer.request(id, "a", true).error().code() == Errc::too_many_requests);
  CHECK(peer.multiplexer.request(id, "a", false));
  CHECK(peer.error(ChannelRequest{id, "a", true, {}}) == Errc::too_many_requests);
  CHECK(peer.error(ChannelRequest{id, "a", false, {}}) == Errc::ok);
  peer.multiplexer.reply_request(id, false);
  CHECK(peer.error(ChannelRequest{id, "a", true, {}}) == Errc::ok);
}

TEST_CASE("channel request: a reply after our CLOSE is not sent") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open();
  peer.expect<RequestReceived>(ChannelRequest{id, "shell", true, {}});
  peer.multiplexer.close(id);
  peer.sink.take<ChannelClose>();
  peer.multiplexer.reply_request(id, true);
  CHECK(peer.multiplexer.request(id, "exit-status", false).error().code() == Errc::unknown_channel);
  CHECK(peer.sink.empty());
}

TEST_CASE("global request: type, body and reply both ways, in order (RFC 4254 §4)") {
  MultiplexerPair pair;
  REQUIRE(pair.client.multiplexer.global_request("tcpip-forward", true, wire::encode(TcpipForward{"", 0})));
  REQUIRE(pair.client.multiplexer.global_request("keepalive@openssh.com", true));
  pair.run();
  const auto forward = pair.server.take<GlobalRequestReceived>();
  CHECK(forward.type == "tcpip-forward");
  CHECK(forward.want_reply);
  CHECK(wire::decode<TcpipForward>(forward.specific.bytes())->port_to_bind == 0);
  pair.server.multiplexer.reply_global_request(true, wire::encode(TcpipForwardReply{2222}));
  pair.server.multiplexer.reply_global_request(false);
  pair.run();
  const auto bound = pair.client.take<GlobalRequestAnswered>();
  CHECK(bound.success);
  CHECK(wire::decode<TcpipForwardReply>(bound.specific.bytes())->bound_port == 2222);
  CHECK_FALSE(pair.client.take<GlobalRequestAnswered>().success);
}

TEST_CASE("global request: a reply that nobody asked for ends the session") {
  MultiplexerPeer peer;
  CHECK(peer.error(RequestSuccess{}) == Errc::unexpected_reply);
  CHECK(peer.error(RequestFailure{}) == Errc::unexpected_reply);
  REQUIRE(peer.multiplexer.global_request("a", false));
  CHECK(peer.error(RequestFailure{}) == Errc::unexpected_reply);
}

TEST_CASE("global request: the unanswered ones are limited in both directions") {
  MultiplexerPeer peer;
  for (int i = 0; i != 16; ++i) {
    REQUIRE(peer.multiplexer.global_request("a", true));
    peer.expect<GlobalRequestReceived>(GlobalRequest{"a", true, {}});
  }
  CHECK(peer.multiplexer.global_request("a", true).error().code() == Errc::too_many_requests);
  CHECK(peer.error(GlobalRequest{"a", true, {}}) == Errc::too_many_requests);
  peer.sink.clear();
  peer.multiplexer.reply_global_request(false);
  peer.sink.take<RequestFailure>();
  CHECK(peer.error(GlobalRequest{"a", true, {}}) == Errc::ok);
}

TEST_CASE("connection protocol: only messages 80..82 and 90..100 are its (RFC 4254 §9)") {
  MultiplexerPeer peer;
  for (int number = 0; number != 256; ++number) {
    const bool ours = (number >= 80 && number <= 82) || (number >= 90 && number <= 100);
    const std::uint8_t packet[] = {static_cast<std::uint8_t>(number)};
    const auto event = peer.multiplexer.receive(peer.payload(Bytes(packet)));
    CAPTURE(number);
    const Errc code = event ? Errc::ok : event.error().code();
    const bool empty_body = number == RequestSuccess::number || number == RequestFailure::number;
    CHECK(code == (!ours ? Errc::unexpected_message : empty_body ? Errc::unexpected_reply : Errc::truncated));
  }
  CHECK(peer.multiplexer.receive(Payload()).error().code() == Errc::truncated);
}
