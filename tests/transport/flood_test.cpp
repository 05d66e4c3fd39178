// A peer that talks much, or that never reads (CVE-2025-26466, CVE-2025-22869): memory and work stay bounded.
#include <doctest/doctest.h>

#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;

namespace {

const std::vector<ByteVector> chatter{wire::encode(transport::Ignore{}), wire::encode(transport::Debug{}),
                                      wire::encode(transport::Unimplemented{}), wire::encode(transport::Ping{}),
                                      wire::encode(transport::Pong{})};

// How many copies of `message` the subject takes before it ends the session.
std::size_t taken(RawPeer& peer, Bytes message, std::size_t most) {
  std::size_t count = 0;
  while (count != most) {
    peer.send(message);
    if (peer.error() != Errc::ok) break;
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("[CVE-2025-26466] flood: messages during a rekey are counted, whoever started it") {
  for (const ByteVector& message : chatter) {
    const int number = message[0];
    CAPTURE(number);
    RawPeer peer(Role::client, server_config());
    REQUIRE(peer.connect());
    CHECK(taken(peer, message, 600) == 600);
    peer.subject.rekey();
    CHECK(taken(peer, message, 600) == limits::messages_in_key_exchange);
    CHECK(peer.error() == Errc::too_many_messages);
  }
}

TEST_CASE("[CVE-2025-26466] flood: messages during a first exchange that is not strict are counted too") {
  for (const ByteVector& message : {chatter[0], chatter[1], chatter[2]}) {
    RawPeer peer(Role::client, server_config());
    peer.identify();
    peer.send_kexinit(changed_kexinit(
        peer.make_kexinit(), [](transport::KexInit& m) { m.kex_algorithms = wire::NameList("curve25519-sha256"); }));
    CHECK(taken(peer, message, 600) == limits::messages_in_key_exchange);
    CHECK(peer.error() == Errc::too_many_messages);
  }
}

TEST_CASE(
    "[CVE-2025-26466] flood: PINGs of a peer that never reads fill the queue up to its limit, then the session ends") {
  transport::TransportConfig config = server_config();
  config.send_hard_limit = 256 * 1024;
  config.pool = BufferPool::create();
  RawPeer peer(Role::client, config);
  REQUIRE(peer.connect());
  const std::size_t small = taken(peer, wire::encode(transport::Ping{}), 10'000);
  CHECK(peer.error() == Errc::queue_full);
  CHECK(small <= 256);  // a small packet counts as what it occupies
  CHECK(config.pool->stats().bytes_in_use < 2 * 256 * 1024 + BufferPool::slab_size);
}

TEST_CASE("[CVE-2025-26466] flood: the queue's limit is one of the memory it takes, for answers of every size") {
  for (const std::size_t size : {1u, 700u, 3'800u, 7'900u, 16'100u, 37'000u, 70'000u, 200'000u}) {
    CAPTURE(size);
    transport::TransportConfig config = server_config();
    config.send_hard_limit = 1024 * 1024;
    config.pool = BufferPool::create();
    RawPeer peer(Role::client, config);
    REQUIRE(peer.connect());
    const ByteVector data(size);
    std::size_t most = 0;
    while (peer.error() == Errc::ok) {
      most = std::max(most, config.pool->stats().bytes_in_use);
      peer.send_message(transport::Ping{data});
    }
    CHECK(peer.error() == Errc::queue_full);
    CHECK(most > 1024 * 1024 / 2);
    CHECK(most <= 1024 * 1024 + BufferPool::slab_size);  // and what is received into
  }
}

TEST_CASE("flood: unknown messages are answered within the same limit (RFC 4253 §11.4)") {
  transport::TransportConfig config = server_config();
  config.send_hard_limit = 64 * 1024;
  RawPeer peer(Role::client, config);
  REQUIRE(peer.connect());
  taken(peer, ByteVector{10}, 10'000);
  CHECK(peer.error() == Errc::queue_full);
}

TEST_CASE(
    "[CVE-2025-22869] flood: while the peer never answers KEXINIT, writes are asked to wait, and end the session at "
    "the limit") {
  transport::TransportConfig config = client_config();
  config.send_hard_limit = 256 * 1024;
  config.pool = BufferPool::create();
  RawPeer peer(Role::server, config);
  REQUIRE(peer.connect());
  CHECK(peer.subject.writable());
  peer.subject.rekey();
  CHECK_FALSE(peer.subject.writable());
  int sent = 0;
  for (; !peer.subject.closed() && sent != 1000; ++sent) send_payload(peer.subject, test_payload(94, 16 * 1024));
  CHECK(sent <= 17);
  peer.drain();
  CHECK(peer.error() == Errc::queue_full);
  CHECK(config.pool->stats().bytes_in_use < 2 * 256 * 1024);
}

TEST_CASE("flood: writable() turns false above the send limit and true again below it") {
  transport::TransportConfig config = server_config();
  config.send_limit = 128 * 1024;
  RawPeer peer(Role::client, config);
  REQUIRE(peer.connect());
  take_transmit(peer.subject);
  for (int i = 0; i != 4; ++i) {
    CHECK(peer.subject.writable());
    send_payload(peer.subject, test_payload(94, 32 * 1024));
  }
  CHECK_FALSE(peer.subject.writable());
  CHECK(peer.subject.queued() > 128 * 1024);
  peer.subject.transmitted(peer.subject.queued() - 30 * 1024);
  CHECK(peer.subject.writable());
  take_transmit(peer.subject);
  CHECK(peer.subject.queued() == 0);
}

TEST_CASE("PING: answered by PONG with the same data (OpenSSH PROTOCOL §1.11)") {
  RawPeer peer(Role::client, server_config());
  REQUIRE(peer.connect());
  peer.send_message(transport::Ping{as_bytes("echo me")});
  CHECK(peer.receive_until(193) == wire::encode(transport::Pong{as_bytes("echo me")}));
  peer.send(ByteVector{192, 0, 0});
  CHECK(peer.error() == Errc::truncated);
}
