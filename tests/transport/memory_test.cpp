// What a transport costs: nothing per packet in a steady stream, next to nothing when idle.
#include <doctest/doctest.h>

#include "support/counting_allocator.h"
#include "support/loopback.h"

using namespace hawser;
using namespace hawser::test;

namespace {

// Carries what `from` has queued without collecting anything; gives the number of Packet events.
std::size_t carry_quietly(transport::Transport& from, transport::Transport& to) {
  std::size_t packets = 0;
  while (!from.transmit().empty()) {
    Bytes part = from.transmit().front();
    const MutableBytes space = to.receive_space();
    const std::size_t count = std::min(space.size(), part.size());
    std::copy_n(part.begin(), count, space.begin());
    to.received(count);
    from.transmitted(count);
    while (true) {
      Result<std::optional<transport::TransportEvent>> event = to.next();
      if (!event || !*event) break;
      if (std::get_if<transport::Packet>(&**event) != nullptr) ++packets;
    }
  }
  return packets;
}

}  // namespace

TEST_CASE("memory: packets of any size pass from send to event without an allocation") {
  for (const std::size_t size : {20u, 1'000u, 32u * 1024u, 255u * 1024u}) {
    CAPTURE(size);
    transport::TransportConfig client = client_config();
    transport::TransportConfig server = server_config();
    client.pool = server.pool = BufferPool::create(64 * 1024 * 1024);
    Loopback link(client, server);
    REQUIRE(link.connect());
    const auto pass = [&](std::size_t rounds) {
      std::size_t received = 0;
      for (std::size_t round = 0; round != rounds; ++round) {
        for (int i = 0; i != 4; ++i) {
          PacketBuffer packet = link.client.transport.prepare(size);
          packet.payload()[0] = 94;
          link.client.transport.send(std::move(packet));
        }
        received += carry_quietly(link.client.transport, link.server.transport);
      }
      return received;
    };
    pass(10);
    const AllocationCounter allocations;
    const std::size_t received = pass(100);
    const std::size_t count = allocations.count();
    CHECK(received == 400);
    CHECK(count == 0);
  }
}

TEST_CASE("memory: an idle session holds no block of the pool") {
  transport::TransportConfig client = client_config();
  transport::TransportConfig server = server_config();
  client.pool = server.pool = BufferPool::create();
  Loopback link(client, server);
  REQUIRE(link.connect());
  for (int i = 0; i != 10; ++i) link.client.send(test_payload(94, 30'000));
  link.pump();
  CHECK(client.pool->stats().blocks_in_use == 0);
}

TEST_CASE("memory: a slab whose payload was held over the last read goes back at the next tick") {
  transport::TransportConfig server = server_config();
  server.pool = BufferPool::create();
  Loopback link(client_config(), server);
  REQUIRE(link.connect());
  link.client.send(test_payload(94, 100));
  deliver(link.server.transport, take_transmit(link.client.transport), [] {});
  {
    Result<std::optional<transport::TransportEvent>> event = link.server.transport.next();
    REQUIRE(event);
    REQUIRE(*event);
    Result<std::optional<transport::TransportEvent>> nothing = link.server.transport.next();
    REQUIRE(nothing);
    CHECK_FALSE(*nothing);
  }
  CHECK(server.pool->stats().blocks_in_use == 1);
  link.server.transport.tick(TimePoint() + std::chrono::seconds(1));
  CHECK(server.pool->stats().blocks_in_use == 0);
}

TEST_CASE("memory: only unfinished packets are copied, and the counters tell") {
  Loopback link;
  REQUIRE(link.connect());
  const transport::TransportStats before = link.server.transport.stats();
  for (int i = 0; i != 32; ++i) link.client.send(test_payload(94, 30'000));
  link.pump();
  const transport::TransportStats after = link.server.transport.stats();
  CHECK(after.packets_received - before.packets_received == 32);
  CHECK(after.bytes_received - before.bytes_received > 32 * 30'000);
  CHECK(after.payload_bytes_copied - before.payload_bytes_copied < 32 * 30'000 / 8);
  CHECK(link.client.transport.stats().bytes_sent == after.bytes_received);
  CHECK(link.client.transport.stats().packets_sent == after.packets_received);
}
