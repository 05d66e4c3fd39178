// How a session ends: by the peer, by us, by an error (RFC 4253 §11.1).
#include <doctest/doctest.h>

#include <set>

#include "support/loopback.h"
#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;
using hawser::transport::DisconnectReason;

TEST_CASE("disconnect: every error has a reason of RFC 4253 §11.1 and a text") {
  for (int code = 100; code != 900; ++code) {
    if (make_error_code(static_cast<Errc>(code)).message() == "unknown error") continue;
    const transport::DisconnectText text = transport::disconnect_text(static_cast<Errc>(code));
    CAPTURE(code);
    CHECK(static_cast<std::uint32_t>(text.reason) >= 1);
    CHECK(static_cast<std::uint32_t>(text.reason) <= 15);
    CHECK(std::string_view(text.description).size() > 5);
    // What the peer did is named; what went wrong on this side is not.
    if (blame(static_cast<Errc>(code)) == Blame::local || blame(static_cast<Errc>(code)) == Blame::caller) {
      const std::string_view said = text.description;
      CHECK((said == "Internal error" || said == "Connection lost"));
    }
  }
}

TEST_CASE("[CVE-2016-7406] disconnect: each reason reaches the peer, the text escaped; no event follows") {
  for (std::uint32_t reason = 0; reason != 17; ++reason) {
    Loopback link;
    REQUIRE(link.connect());
    link.client.transport.disconnect(static_cast<DisconnectReason>(reason), "bye\x1b[1m\n");
    CHECK(link.client.transport.closed());
    link.client.drain();
    CHECK(link.client.error->code() == Errc::disconnected_by_us);
    link.pump();
    REQUIRE(link.server.disconnected);
    CHECK(link.server.disconnected->reason == reason);
    CHECK(link.server.disconnected->description == "bye\\x1b[1m\\x0a");
    CHECK(link.server.error->code() == Errc::closed);
    CHECK(link.server.transport.transmit().empty());
  }
}

TEST_CASE("disconnect: an error is told once, then the session is closed; the peer hears the table's text") {
  RawPeer peer(Role::client, server_config());
  REQUIRE(peer.connect());
  peer.send_message(transport::NewKeys{});
  CHECK(peer.error() == Errc::unexpected_message);
  CHECK(peer.subject.next().error().code() == Errc::closed);
  CHECK(peer.subject.next().error().code() == Errc::closed);
  CHECK_FALSE(peer.subject.failure_detail().empty());
  const ByteVector last = peer.receive_until(1);
  const Result<transport::Disconnect> goodbye = wire::decode<transport::Disconnect>(last);
  REQUIRE(goodbye);
  CHECK(goodbye->reason_code == 2);
  CHECK(goodbye->description == "Unexpected message");
}

TEST_CASE("disconnect: before the keys it is a plain packet") {
  RawPeer peer(Role::client, server_config());
  peer.receive();
  peer.identify();
  peer.send(ByteVector{21});
  CHECK(peer.error() == Errc::unexpected_packet_in_strict_kex);
  CHECK(peer.receive()[0] == 1);
}

TEST_CASE("disconnect: after the end nothing is sent, nothing is taken, and no deadline remains") {
  Loopback link;
  REQUIRE(link.connect());
  transport::Transport& client = link.client.transport;
  client.disconnect(DisconnectReason::by_application, "done");
  take_transmit(client);
  link.client.drain();
  link.client.send(test_payload(94, 10));
  client.rekey();
  client.disconnect(DisconnectReason::by_application, "again");
  client.send_unimplemented(3);
  client.tick(TimePoint() + std::chrono::hours(100));
  CHECK(client.transmit().empty());
  CHECK_FALSE(client.writable());
  CHECK_FALSE(client.deadline());
  link.server.send(test_payload(94, 10));
  link.pump();
  CHECK(link.client.packets.empty());
}

TEST_CASE("disconnect: nothing behind the peer's is taken (RFC 4253 §11.1)") {
  for (const Role role : {Role::client, Role::server}) {
    RawPeer peer(role, role == Role::client ? server_config() : client_config());
    REQUIRE(peer.connect());
    ByteVector bytes = peer.seal(wire::encode(transport::Disconnect{11, "bye", ""}));
    for (int i = 0; i != 3; ++i) {
      const ByteVector more = peer.seal(test_payload(94, 10));
      bytes.insert(bytes.end(), more.begin(), more.end());
    }
    peer.send_raw(bytes);
    REQUIRE(peer.disconnected);
    CHECK(peer.disconnected->description == "bye");
    CHECK(peer.packets.empty());
    CHECK(peer.error() == Errc::closed);
    peer.send(test_payload(94, 10));
    CHECK(peer.packets.empty());
  }
}

TEST_CASE("disconnect: a bad public value is told as a failed key exchange, reason 3 (RFC 5656 §4, RFC 8731 §3)") {
  struct Row {
    const char* method;
    ByteVector value;
  };
  ByteVector off_curve(65, 7);
  off_curve[0] = 4;
  for (const Row& row : {Row{"curve25519-sha256", ByteVector(31, 9)}, Row{"curve25519-sha256", ByteVector(32, 0)},
                         Row{"ecdh-sha2-nistp256", off_curve}, Row{"diffie-hellman-group14-sha256", ByteVector{1}}}) {
    CAPTURE(row.method);
    transport::TransportConfig own = client_config();
    own.algorithms.kex = {row.method};
    RawPeer client(Role::client, server_config(), own);
    client.identify();
    client.send_kexinit();
    client.send_message(transport::KexEcdhInit{row.value});
    RawPeer server(Role::server, client_config());
    server.own.algorithms.kex = {row.method};
    server.identify();
    server.send_kexinit();
    REQUIRE(server.agree());
    ByteVector reply = server.server_reply(*server.own.host_keys[0]);
    auto message = wire::decode<transport::KexEcdhReply>(reply);
    REQUIRE(message);
    message->q_s = row.value;
    server.send_message(*message);
    for (RawPeer* peer : {&client, &server}) {
      CHECK(peer->error() == Errc::bad_public_value);
      const auto goodbye = wire::decode<transport::Disconnect>(peer->receive_until(1));
      REQUIRE(goodbye);
      CHECK(goodbye->reason_code == 3);
    }
  }
}

TEST_CASE("disconnect: a driver may go on reading after the end, however much comes; it is dropped") {
  RawPeer peer(Role::client, server_config());
  REQUIRE(peer.connect());
  peer.send_message(transport::NewKeys{});
  REQUIRE(peer.subject.closed());
  for (int i = 0; i != 20; ++i) peer.send_raw(ByteVector(100'000));
  CHECK_FALSE(peer.subject.receive_space().empty());
}

TEST_CASE("disconnect: garbage in place of packets ends the session in every phase") {
  FixedRandom random(3);
  for (int round = 0; round != 50; ++round) {
    RawPeer peer(round % 2 == 0 ? Role::client : Role::server, round % 2 == 0 ? server_config() : client_config());
    peer.identify();
    if (round % 3 == 0) REQUIRE(peer.exchange_keys());
    for (int i = 0; i != 100 && peer.error() == Errc::ok; ++i) peer.send_raw(random.bytes(4096));
    CHECK(peer.error() != Errc::ok);
    CHECK(peer.packets.empty());
  }
}

TEST_CASE("disconnect: a bit flipped on the way ends the session with bad_mac and reason 5 (RFC 4253 §6.4)") {
  transport::TransportConfig own = server_config();
  own.algorithms.cipher = {"aes128-gcm@openssh.com"};
  for (const std::size_t offset : {4u, 5u, 20u, 40u, 52u}) {
    RawPeer peer(Role::client, server_config(), own);
    REQUIRE(peer.connect());
    ByteVector packet = peer.seal(test_payload(94, 30));
    REQUIRE(offset < packet.size());
    packet[offset] ^= 1;
    peer.send_raw(packet);
    CHECK(peer.error() == Errc::bad_mac);
    CHECK(wire::decode<transport::Disconnect>(peer.receive_until(1))->reason_code == 5);
  }
}
