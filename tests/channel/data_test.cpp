#include <doctest/doctest.h>

#include <numeric>

#include "support/counting_allocator.h"
#include "support/multiplexer_pair.h"
#include "support/multiplexer_peer.h"

using namespace hawser;
using namespace hawser::channel;
using namespace hawser::test;

namespace {

ByteVector numbered(std::size_t size) {
  ByteVector bytes(size);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return bytes;
}

// The data of all CHANNEL_DATA packets sent, each of which must have at most `limit` bytes of it.
ByteVector take_data(RecordingSink& sink, std::size_t limit) {
  ByteVector all;
  while (!sink.empty()) {
    const auto message = sink.take<ChannelData>();
    CHECK(message.recipient_channel == 100);
    CHECK(message.data.size() <= limit);
    CHECK_FALSE(message.data.empty());
    all.insert(all.end(), message.data.begin(), message.data.end());
  }
  return all;
}

}  // namespace

TEST_CASE("channel data: what is received is the packet's own memory") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open();
  const Payload packet = peer.payload(ChannelData{id, as_bytes("hello")});
  auto event = peer.multiplexer.receive(packet);
  REQUIRE(event);
  const auto& received = std::get<DataReceived>(**event);
  CHECK(received.channel == id);
  CHECK(received.extended_type == 0);
  CHECK(as_text(received.data.bytes()) == "hello");
  CHECK(received.data.bytes().data() == packet.bytes().data() + 9);
}

TEST_CASE("channel data: extended data carries its type (RFC 4254 §5.2)") {
  MultiplexerPair pair;
  const auto [ours, theirs] = pair.open();
  pair.server.multiplexer.send_extended(theirs, 1, as_bytes("oops"));
  pair.server.multiplexer.send_extended(theirs, 77, as_bytes("later"));
  pair.run();
  const auto stderr_data = pair.client.take<DataReceived>();
  CHECK(stderr_data.extended_type == 1);
  CHECK(as_text(stderr_data.data.bytes()) == "oops");
  CHECK(pair.client.take<DataReceived>().extended_type == 77);
}

TEST_CASE("channel data: extended data of type 0 would pass for data and is refused") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open();
  CHECK(peer.error(ChannelExtendedData{id, 0, as_bytes("x")}) == Errc::bad_value);
}

TEST_CASE("channel data: data and extended data leave in the order they were sent") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open(100, {0, 100});
  peer.multiplexer.send_data(id, as_bytes("one"));
  peer.multiplexer.send_extended(id, 1, as_bytes("two"));
  peer.multiplexer.send_data(id, as_bytes("three"));
  peer.expect_nothing(ChannelWindowAdjust{id, 100});
  CHECK(as_text(peer.sink.take<ChannelData>().data) == "one");
  CHECK(as_text(peer.sink.take<ChannelExtendedData>().data) == "two");
  CHECK(as_text(peer.sink.take<ChannelData>().data) == "three");
}

TEST_CASE("channel data: an empty data packet is legal and no event") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open();
  peer.expect_nothing(ChannelData{id, {}});
}

TEST_CASE("[defect 7] channel data: the peer's maximum packet is never exceeded, whatever it is (RFC 4254 §5.2)") {
  for (const std::uint32_t maximum : {1u, 2u, 7u, 1023u, 1024u, 1025u, 32768u, 0xffffffffu}) {
    CAPTURE(maximum);
    MultiplexerPeer peer;
    const ChannelId id = peer.open(100, {0xffffffff, maximum});
    const ByteVector data = numbered(100 * 1000);
    peer.multiplexer.send_data(id, data);
    CHECK(take_data(peer.sink, std::min(maximum, 32768u)) == data);
  }
}

TEST_CASE("channel data: reserve gives exactly the room asked for, in packets the peer takes") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open(100, {1 << 20, 30000});
  PacketChain chain;
  peer.multiplexer.reserve(id, 32768 + 13, chain);
  CHECK(chain.size() == 32768 + 13);
  CHECK(chain.parts().size() == 2);
  const ByteVector data = numbered(chain.size());
  chain.write(data);
  peer.multiplexer.send(id, chain);
  CHECK(chain.size() == 0);
  CHECK(take_data(peer.sink, 30000) == data);
  CHECK(peer.multiplexer.stats().payload_bytes_copied == 0);
}

TEST_CASE("channel data: only what was written of a chain leaves") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open(100, {1 << 20, 100});
  PacketChain chain;
  peer.multiplexer.reserve(id, 100000, chain);
  chain.write(as_bytes("short"));
  peer.multiplexer.send(id, chain);
  CHECK(as_text(peer.sink.take<ChannelData>().data) == "short");
  CHECK(peer.sink.empty());

  peer.multiplexer.reserve(id, 1000, chain);
  peer.multiplexer.send(id, chain);
  CHECK(peer.sink.empty());
}

TEST_CASE("[defect 7] channel data: a packet larger than the window is split, and no byte is lost or sent twice") {
  for (const std::uint32_t step : {1u, 3u, 999u, 1000u, 1001u, 1999u, 2500u}) {
    CAPTURE(step);
    MultiplexerPeer peer;
    const ChannelId id = peer.open(100, {0, 32768});
    const ByteVector data = numbered(6000);
    PacketChain chain;
    for (int i = 0; i != 3; ++i) {
      peer.multiplexer.reserve(id, 2000, chain);
      chain.write(Bytes(data).subspan(static_cast<std::size_t>(i) * 2000, 2000));
    }
    peer.multiplexer.send(id, chain);
    CHECK(peer.multiplexer.queued(id) == 6000);
    ByteVector all;
    while (all.size() != data.size()) {
      CHECK(peer.sink.empty());
      peer.expect_nothing(ChannelWindowAdjust{id, step});
      const ByteVector some = take_data(peer.sink, 2000);
      CHECK(some.size() == std::min<std::size_t>(step, data.size() - all.size()));
      all.insert(all.end(), some.begin(), some.end());
      CHECK(peer.multiplexer.queued(id) == data.size() - all.size());
    }
    CHECK(all == data);
  }
}

TEST_CASE("channel data: splitting copies the smaller part only") {
  struct Row {
    std::uint32_t window;
    std::uint64_t copied;
  };
  for (const Row row : {Row{1, 1}, Row{999, 1}, Row{500, 500}, Row{1000, 0}}) {
    MultiplexerPeer peer;
    const ChannelId id = peer.open(100, {row.window, 32768});
    PacketChain chain;
    peer.multiplexer.reserve(id, 1000, chain);
    chain.write(numbered(1000));
    peer.multiplexer.send(id, chain);
    CHECK(peer.multiplexer.stats().payload_bytes_copied == row.copied);
    CHECK(peer.multiplexer.stats().packets_split == (row.copied == 0 ? 0 : 1));
  }
}

TEST_CASE("channel data: extended data is split like data, its type kept") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open(100, {2, 100});
  peer.multiplexer.send_extended(id, 1, as_bytes("abcde"));
  CHECK(as_text(peer.sink.take<ChannelExtendedData>().data) == "ab");
  peer.expect_nothing(ChannelWindowAdjust{id, 3});
  const auto rest = peer.sink.take<ChannelExtendedData>();
  CHECK(rest.data_type_code == 1);
  CHECK(as_text(rest.data) == "cde");
}

TEST_CASE("channel data: a writer stops at the queue limit and goes on when the queue has drained") {
  ChannelLimits limits;
  limits.queue_limit = 10000;
  MultiplexerPeer peer(limits);
  const ChannelId id = peer.open(100, {0, 32768});
  CHECK(peer.multiplexer.writable(id));
  peer.multiplexer.send_data(id, numbered(20000));
  CHECK_FALSE(peer.multiplexer.writable(id));
  peer.expect_nothing(ChannelWindowAdjust{id, 5000});
  CHECK_FALSE(peer.multiplexer.writable(id));
  CHECK(peer.expect<WindowOpened>(ChannelWindowAdjust{id, 10000}).channel == id);
  CHECK(peer.multiplexer.writable(id));
  // Told once.
  peer.expect_nothing(ChannelWindowAdjust{id, 1});
}

TEST_CASE("channel data: many tiny packets fill the queue by the memory they hold") {
  MultiplexerPeer peer;
  const ChannelId id = peer.open(100, {0, 32768});
  std::size_t sent = 0;
  for (; peer.multiplexer.writable(id); ++sent) peer.multiplexer.send_data(id, as_bytes("x"));
  CHECK(sent < 4096);
}

TEST_CASE("channel data: while the sink is held, data waits and control messages do not (RFC 4253 §7.1)") {
  MultiplexerPeer peer;
  const ChannelId first = peer.open(100);
  const ChannelId second = peer.open(101);
  peer.sink.set_writable(false);
  CHECK_FALSE(peer.multiplexer.writable(first));
  peer.multiplexer.send_data(first, as_bytes("first"));
  peer.multiplexer.send_data(second, as_bytes("second"));
  peer.multiplexer.send_eof(second);
  CHECK(peer.sink.empty());
  REQUIRE(peer.multiplexer.request(first, "signal", false));
  CHECK(peer.sink.take<ChannelRequest>().request_type == "signal");
  CHECK(peer.multiplexer.resume().empty());
  CHECK(peer.sink.empty());

  peer.sink.set_writable(true);
  const auto may_go_on = peer.multiplexer.resume();
  REQUIRE(may_go_on.size() == 1);
  CHECK(may_go_on.front() == first);
  CHECK(peer.sink.size() == 3);
  CHECK(peer.multiplexer.resume().empty());
}

namespace {

// Takes one packet at a time, as a transport near its send limit does.
class OneAtATime final : public PacketSink {
 public:
  PacketBuffer prepare(std::size_t size) override { return inner.prepare(size); }
  void send(PacketBuffer&& packet) override {
    if (room != 0) --room;
    inner.send(std::move(packet));
  }
  bool writable() const override { return room != 0; }
  RecordingSink inner;
  std::size_t room = 0;
};

}  // namespace

TEST_CASE("channel data: channels take turns when the sink has little room") {
  OneAtATime sink;
  PayloadMaker payload;
  Multiplexer multiplexer(sink, auth::Authenticated::without_authentication("user"));
  std::vector<ChannelId> ids;
  for (const std::uint32_t peer_id : {100u, 101u, 102u}) {
    auto event = multiplexer.receive(payload(ChannelOpen{"session", peer_id, 1 << 20, 100, {}}));
    REQUIRE(event);
    ids.push_back(std::get<OpenRequested>(**event).channel);
    multiplexer.accept_open(ids.back());
  }
  sink.inner.clear();
  for (const ChannelId id : ids) multiplexer.send_data(id, numbered(4096));
  std::array<int, 3> sent{};
  for (int i = 0; i != 9; ++i) {
    sink.room = 1;
    multiplexer.resume();
    ++sent[sink.inner.take<ChannelData>().recipient_channel - 100];
    CHECK(sink.inner.empty());
  }
  CHECK(sent == std::array<int, 3>{3, 3, 3});
}

namespace {

// Keeps buffers as they are, in memory that is there from the start.
class DirectSink final : public PacketSink {
 public:
  DirectSink() { packets.reserve(64); }
  PacketBuffer prepare(std::size_t size) override { return PacketBuffer(*pool, size); }
  void send(PacketBuffer&& packet) override { packets.push_back(std::move(packet)); }
  bool writable() const override { return true; }
  std::shared_ptr<BufferPool> pool = BufferPool::create();
  std::vector<PacketBuffer> packets;
};

}  // namespace

TEST_CASE("channel data: in steady use neither side allocates, and no payload byte is copied") {
  DirectSink client_sink;
  DirectSink server_sink;
  Multiplexer client(client_sink, auth::Authenticated::without_authentication("user"));
  Multiplexer server(server_sink, auth::Authenticated::without_authentication("user"));
  PayloadMaker payload;
  const auto carry = [&](DirectSink& from, Multiplexer& to) {
    for (PacketBuffer& packet : from.packets) {
      auto event = to.receive(payload(Bytes(packet.payload())));
      REQUIRE(event);
      if (!*event) continue;
      if (const auto* asked = std::get_if<OpenRequested>(&**event)) to.accept_open(asked->channel);
      if (const auto* data = std::get_if<DataReceived>(&**event)) to.consumed(data->channel, data->data.size());
    }
    from.packets.clear();
  };
  const ChannelId id = *client.open("session");
  carry(client_sink, server);
  carry(server_sink, client);

  PacketChain chain;
  const auto pass = [&] {
    for (int i = 0; i != 200; ++i) {
      client.reserve(id, 32768 + 13, chain);
      chain.advance(32768 + 13);
      client.send(id, chain);
      carry(client_sink, server);
      carry(server_sink, client);
    }
  };
  pass();
  const ChannelStats before = client.stats();
  const AllocationCounter allocations;
  pass();
  CHECK(allocations.count() == 0);
  // At most once per window a packet meets its end.
  CHECK(client.stats().payload_bytes_copied - before.payload_bytes_copied <= 4 * 32768);
  CHECK(client.queued(id) == 0);
}
