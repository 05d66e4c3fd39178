// New keys during a session (RFC 4253 §9): nothing is lost or reordered, whoever asks and for whatever reason.
#include "transport/rekey_schedule.h"

#include <doctest/doctest.h>

#include "support/loopback.h"
#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;

namespace {

// Sends numbered packets both ways while `disturb(round)` does what it does to the link.
template <class Disturb>
void exchange_data(Loopback& link, int rounds, std::size_t size, Disturb disturb) {
  std::vector<ByteVector> sent;
  for (int round = 0; round != rounds; ++round) {
    for (int i = 0; i != 3; ++i) {
      sent.push_back(test_payload(94, size + sent.size() % 7, static_cast<std::uint8_t>(sent.size())));
      link.client.send(sent.back());
      link.server.send(sent.back());
    }
    disturb(round);
    if (round % 2 == 0) link.pump();
  }
  link.pump();
  REQUIRE_MESSAGE(!link.client.error, link.client.transport.failure_detail());
  REQUIRE_MESSAGE(!link.server.error, link.server.transport.failure_detail());
  CHECK(link.server.packets == sent);
  CHECK(link.client.packets == sent);
}

}  // namespace

TEST_CASE("rekey: asked for by either side or both at once, under data both ways, over every link") {
  for_each_link_mode([](LinkMode mode) {
    for (int who = 1; who <= 3; ++who) {
      CAPTURE(who);
      Loopback link(client_config(), server_config(), mode);
      REQUIRE(link.connect());
      const ByteVector session_id = to_vector(link.client.transport.session_id().bytes());
      exchange_data(link, 12, 500, [&](int round) {
        if (round % 3 != 1) return;
        if ((who & 1) != 0) link.client.transport.rekey();
        if ((who & 2) != 0) link.server.transport.rekey();
      });
      CHECK(link.client.key_exchanges.size() == 5);
      CHECK(link.server.key_exchanges.size() == 5);
      CHECK_FALSE(link.client.key_exchanges.back().first);
      CHECK(link.client.offered.size() == 1);  // the same host key is no news
      CHECK(to_vector(link.client.transport.session_id().bytes()) == session_id);
      CHECK(to_vector(link.server.transport.session_id().bytes()) == session_id);
    }
  });
}

TEST_CASE("rekey: due by bytes and by packets, counted for each direction (RFC 4253 §9, RFC 4344 §3)") {
  for_each_link_mode([](LinkMode mode) {
    for (const bool by_bytes : {true, false}) {
      CAPTURE(by_bytes);
      transport::TransportConfig client = client_config();
      if (by_bytes) {
        client.rekey.bytes = 128 * 1024;
      } else {
        client.rekey.packets = 25;
      }
      Loopback link(client, server_config(), mode);
      REQUIRE(link.connect());
      exchange_data(link, 40, 5'000, [](int) {});
      CHECK(link.client.key_exchanges.size() >= 4);
      CHECK(link.client.key_exchanges.size() <= 12);
      CHECK(link.client.transport.stats().key_exchanges == link.client.key_exchanges.size());
    }
  });
}

TEST_CASE("rekey: due by time (RFC 4253 §9)") {
  Loopback link;
  REQUIRE(link.connect());
  transport::Transport& client = link.client.transport;
  // An event between ticks asks for a tick at once, because only that tells the time.
  REQUIRE(client.deadline() == TimePoint());
  client.tick(TimePoint() + std::chrono::minutes(1));
  REQUIRE(client.deadline() == TimePoint() + std::chrono::minutes(61));
  client.tick(TimePoint() + std::chrono::minutes(61) - std::chrono::milliseconds(1));
  CHECK(client.writable());
  client.tick(TimePoint() + std::chrono::minutes(61));
  CHECK_FALSE(client.writable());
  link.pump();
  CHECK(client.writable());
  CHECK(link.server.key_exchanges.size() == 2);
}

TEST_CASE("rekey: a cipher is never used past 2^(L/4) blocks (RFC 4344 §3.2)") {
  CHECK(transport::cipher_byte_limit(*crypto::find_cipher("aes128-ctr")) == std::uint64_t{1} << 36);
  CHECK(transport::cipher_byte_limit(*crypto::find_cipher("aes256-gcm@openssh.com")) == std::uint64_t{1} << 36);
  CHECK(transport::cipher_byte_limit(*crypto::find_cipher("chacha20-poly1305@openssh.com")) == std::uint64_t{1} << 30);
}

TEST_CASE("[CVE-2021-3634] rekey: the session identifier stays when the hash becomes longer or shorter") {
  const std::vector<std::string> methods{"curve25519-sha256", "diffie-hellman-group16-sha512", "ecdh-sha2-nistp384",
                                         "curve25519-sha256"};
  for (const Role role : {Role::client, Role::server}) {
    RawPeer peer(role, role == Role::client ? server_config() : client_config());
    for (const std::string& method : methods) {
      CAPTURE(method);
      peer.own.algorithms.kex = {method};
      REQUIRE((peer.key_exchanges == 0 ? peer.connect() : peer.exchange_keys()));
      CHECK(peer.subject.negotiated().kex == method);
      CHECK(equal(peer.subject.session_id().bytes(), peer.session_id));
      peer.packets.clear();
      peer.send(test_payload(94, 10));
      CHECK(peer.packets.size() == 1);
    }
  }
}

TEST_CASE(
    "rekey: between KEXINIT and NEWKEYS only transport messages leave, the rest follows in order (RFC 4253 §7.1)") {
  RawPeer peer(Role::client, server_config());
  REQUIRE(peer.connect());
  while (!peer.receive().empty()) {
  }
  peer.subject.rekey();
  CHECK_FALSE(peer.subject.writable());
  send_payload(peer.subject, test_payload(94, 1));
  send_payload(peer.subject, test_payload(95, 2));
  send_payload(peer.subject, wire::encode(transport::Debug{}));
  REQUIRE(peer.receive()[0] == 20);
  CHECK(peer.receive()[0] == 4);
  CHECK(peer.receive().empty());
  // What the peer sent before it saw our KEXINIT is still taken.
  peer.send(test_payload(96, 3));
  CHECK(peer.packets.size() == 1);

  peer.send_kexinit();
  REQUIRE(peer.agree());
  REQUIRE(peer.run_method());
  CHECK(peer.receive()[0] == 21);
  CHECK(peer.receive()[0] == 94);
  CHECK(peer.receive()[0] == 95);
  CHECK(peer.subject.writable());
  peer.send_newkeys();
  CHECK(peer.key_exchanges == 2);
}

TEST_CASE("rekey: any number of packets may be in flight before the peer's KEXINIT (RFC 4253 §7.1)") {
  for (const Role role : {Role::client, Role::server}) {
    RawPeer peer(role, role == Role::client ? server_config() : client_config());
    REQUIRE(peer.connect());
    peer.subject.rekey();
    for (int i = 0; i != 3000; ++i) peer.send(test_payload(94, 10));
    CHECK(peer.error() == Errc::ok);
    CHECK(peer.packets.size() == 3000);
    CHECK(peer.exchange_keys());
  }
}

TEST_CASE(
    "[rekey-storm] rekey: a storm of exchanges without traffic ends the session, one with traffic or pauses does not") {
  using Guard = transport::RekeyStormGuard;
  enum class Between { nothing, chatter, traffic, pause };
  for (const Between between : {Between::nothing, Between::chatter, Between::traffic, Between::pause}) {
    RawPeer peer(Role::client, server_config());
    REQUIRE(peer.connect());
    TimePoint now;
    int done = 0;
    while (done != 3 * Guard::limit) {
      if (between == Between::traffic) {
        for (int i = 0; i != 3; ++i) peer.send(test_payload(94, 30'000));
      }
      if (between == Between::chatter) {  // of any length, but nothing that a service is meant to have
        peer.send_message(transport::Ignore{ByteVector(100'000)});
        peer.send_message(transport::Ping{ByteVector(100'000)});
      }
      if (between == Between::pause) {
        now += std::chrono::seconds(6);
        peer.subject.tick(now);
      }
      if (!peer.exchange_keys()) break;
      ++done;
    }
    if (between == Between::nothing || between == Between::chatter) {
      CHECK(done == Guard::limit);
      CHECK(peer.error() == Errc::rekey_storm);
    } else {
      CHECK(done == 3 * Guard::limit);
    }
  }
}
