// diffie-hellman-group-exchange-sha256 (RFC 4419) in both roles: the server chooses a group that the client then
// checks.
#include <doctest/doctest.h>

#include "support/loopback.h"
#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;
using hawser::transport::KexDhGexGroup;
using hawser::transport::KexDhGexInit;
using hawser::transport::KexDhGexReply;
using hawser::transport::KexDhGexRequest;

namespace {

constexpr const char* method = "diffie-hellman-group-exchange-sha256";

transport::TransportConfig with_method(transport::TransportConfig config) {
  config.algorithms.kex = {method};
  config.algorithms.cipher = {"aes128-ctr"};
  return config;
}

// A peer whose subject has the other role, up to the first message of the method.
RawPeer peer_at_method(Role role) {
  return RawPeer(role, with_method(role == Role::client ? server_config() : client_config()),
                 with_method(server_config()));
}

bool start(RawPeer& peer) {
  peer.identify();
  peer.send_kexinit();
  return peer.agree() && peer.error() == Errc::ok;
}

ByteVector plus(ByteVector number, int by) {
  number.back() = static_cast<std::uint8_t>(number.back() + by);
  return number;
}

ByteVector group_message(Bytes p, Bytes g) {
  return wire::encode(KexDhGexGroup{{wire::mpint_content(p)}, {wire::mpint_content(g)}});
}

const crypto::DhGroup group = *crypto::rfc3526_group(2048);

}  // namespace

TEST_CASE("group exchange: over every kind of link, and again at a rekey (RFC 4419 §3)") {
  for_each_link_mode([](LinkMode mode) {
    Loopback link(with_method(client_config()), with_method(server_config()), mode);
    REQUIRE(link.connect());
    CHECK(link.client.transport.negotiated().kex == method);
    link.client.transport.rekey();
    link.pump();
    link.server.transport.rekey();
    link.client.send(test_payload(94, 100));
    link.pump();
    CHECK(link.client.key_exchanges.size() == 3);
    CHECK(link.server.key_exchanges.size() == 3);
    CHECK(link.server.packets.size() == 1);
    CHECK(link.client.offered.size() == 1);
    CHECK(equal(link.client.transport.session_id().bytes(), link.server.transport.session_id().bytes()));
  });
}

TEST_CASE("group exchange: a rekey may change to it, and from it") {
  transport::TransportConfig config = client_config();
  config.algorithms.kex = {"curve25519-sha256", method};
  RawPeer peer(Role::client, server_config(), config);
  REQUIRE(peer.connect());
  for (const char* kex : {method, "ecdh-sha2-nistp384", method}) {
    peer.own.algorithms.kex = {kex};
    REQUIRE(peer.exchange_keys());
    CHECK(peer.subject.negotiated().kex == kex);
    peer.send(test_payload(94, 10));
  }
  CHECK(peer.error() == Errc::ok);
  CHECK(peer.packets.size() == 3);
}

TEST_CASE("group exchange: a client asks for 2048 to 8192 bits, and best for as much as its ciphers are worth") {
  const std::pair<const char*, std::uint32_t> rows[] = {{"aes128-ctr", 3072},
                                                        {"aes192-ctr", 7680},
                                                        {"aes256-gcm@openssh.com", 8192},
                                                        {"chacha20-poly1305@openssh.com", 8192}};
  for (const auto& [cipher, n] : rows) {
    CAPTURE(cipher);
    transport::TransportConfig config = with_method(client_config());
    config.algorithms.cipher = {cipher};
    RawPeer peer(Role::server, config);
    REQUIRE(start(peer));
    const Result<KexDhGexRequest> request = wire::decode<KexDhGexRequest>(peer.receive_until(34));
    REQUIRE(request);
    CHECK(request->min == 2048);
    CHECK(request->n == n);
    CHECK(request->max == 8192);
  }
}

TEST_CASE("group exchange: a server sends the best group it has, of the configured ones too (RFC 4419 §3, RFC 8270)") {
  const auto moduli = crypto::Moduli::from_text("0 2 6 100 2063 5 f" + std::string(514, 'a') + "b\n");
  REQUIRE(moduli);
  for (const bool configured : {false, true}) {
    const struct {
      KexDhGexRequest request;
      std::size_t bits;
    } rows[] = {{{2048, 2048, 8192}, 2048},
                {{1024, 1024, 8192}, 2048},
                {{1, 2049, 8192}, configured ? 2064u : 3072u},
                {{2048, 2064, 2064}, configured ? 2064u : 2048u},
                {{2048, 8192, 16384}, 8192}};
    for (const auto& row : rows) {
      CAPTURE(configured);
      CAPTURE(row.request.n);
      transport::TransportConfig config = with_method(server_config());
      if (configured) config.moduli = std::make_shared<const crypto::Moduli>(*moduli);
      RawPeer peer(Role::client, config, with_method(server_config()));
      REQUIRE(start(peer));
      peer.send_message(row.request);
      const ByteVector answer = peer.receive_until(31);
      const Result<KexDhGexGroup> sent = wire::decode<KexDhGexGroup>(answer);
      REQUIRE(sent);
      crypto::DhGroup offered{to_vector(*sent->p.digits()), to_vector(*sent->g.digits())};
      CHECK(offered.bits() == row.bits);
      CHECK(offered.g == ByteVector{static_cast<std::uint8_t>(row.bits == 2064 ? 5 : 2)});
    }
  }
}

TEST_CASE("[CVE-2026-84897] group exchange: a server refuses sizes that are not in order, and has none out of range") {
  const struct {
    KexDhGexRequest request;
    Errc error;
  } rows[] = {
      {{8192, 2048, 2048}, Errc::bad_value},
      {{2048, 1024, 8192}, Errc::bad_value},
      {{2048, 8192, 4096}, Errc::bad_value},
      {{0xffffffff, 0, 0}, Errc::bad_value},
      {{0, 0xffffffff, 0xfffffffe}, Errc::bad_value},
      {{0, 0, 0}, Errc::no_common_group},
      {{1024, 1024, 2047}, Errc::no_common_group},
      {{2049, 2049, 3071}, Errc::no_common_group},
      {{8193, 8193, 0xffffffff}, Errc::no_common_group},
      {{0xffffffff, 0xffffffff, 0xffffffff}, Errc::no_common_group},
  };
  for (const auto& row : rows) {
    CAPTURE(row.request.min);
    CAPTURE(row.request.max);
    RawPeer peer = peer_at_method(Role::client);
    REQUIRE(start(peer));
    peer.send_message(row.request);
    CHECK(peer.error() == row.error);
    CHECK(peer.receive_until(31).empty());
  }
  RawPeer peer = peer_at_method(Role::client);
  REQUIRE(start(peer));
  peer.send_message(KexDhGexRequest{1024, 1024, 1024});
  const ByteVector goodbye = peer.receive_until(1);
  const Result<transport::Disconnect> reason = wire::decode<transport::Disconnect>(goodbye);
  REQUIRE(reason);
  CHECK(reason->reason_code == 3);
  CHECK(reason->description == "No Diffie-Hellman group of a size that both sides allow");
}

TEST_CASE("[CVE-2026-84897] group exchange: a client refuses groups it did not ask for, and those that are none") {
  const struct {
    std::string what;
    ByteVector message;
    Errc error = Errc::bad_public_value;
  } rows[] = {
      {"p even", group_message(plus(group.p, -1), group.g)},
      {"p composite", group_message(plus(group.p, -4), group.g)},
      {"p = 0", group_message({}, group.g)},
      {"p = 1", group_message(ByteVector{1}, group.g)},
      {"p too small", group_message(Bytes(group.p).first(255), group.g)},
      {"p too large", group_message(ByteVector(1025, 0xff), group.g)},
      {"p of 100,000 bits", group_message(ByteVector(12'500, 0xff), group.g)},
      {"p negative", wire::encode(KexDhGexGroup{{ByteVector(256, 0x81)}, {group.g}})},
      {"p with zeros in front", wire::encode(KexDhGexGroup{{ByteVector(300)}, {group.g}}), Errc::bad_value},
      {"p without its sign byte", wire::encode(KexDhGexGroup{{group.p}, {group.g}}), Errc::bad_value},
      {"g = 0", group_message(group.p, {})},
      {"g = 1", group_message(group.p, ByteVector{1})},
      {"g = p - 1", group_message(group.p, plus(group.p, -1))},
      {"g = p", group_message(group.p, group.p)},
      {"g of 100,000 bits", group_message(group.p, ByteVector(12'500, 0xff))},
      {"g negative", wire::encode(KexDhGexGroup{{wire::mpint_content(group.p)}, {ByteVector{0x80}}})},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    RawPeer peer = peer_at_method(Role::server);
    REQUIRE(start(peer));
    peer.send(row.message);
    CHECK(peer.error() == row.error);
    CHECK(peer.receive_until(32).empty());
    CHECK(peer.offers == 0);
  }
}

TEST_CASE("[CVE-2023-28113, GHSA-m9rg] group exchange: 1 < e < p - 1 for a server, 1 < f < p - 1 for a client") {
  const ByteVector numbers[] = {{}, {1}, plus(group.p, -1), group.p, ByteVector(257, 1), ByteVector(12'500, 0x7f)};
  for (const ByteVector& number : numbers) {
    const ByteVector content = wire::mpint_content(number);
    CAPTURE(content.size());
    RawPeer client = peer_at_method(Role::client);
    REQUIRE(start(client));
    REQUIRE(client.ask_for_group({2048, 2048, 2048}));
    client.send_message(KexDhGexInit{{content}});
    CHECK(client.error() == Errc::bad_public_value);
    CHECK(client.receive_until(33).empty());

    RawPeer server = peer_at_method(Role::server);
    REQUIRE(start(server));
    REQUIRE(server.send_group(group));
    REQUIRE_FALSE(server.receive_until(32).empty());
    const Bytes blob = server.own.host_keys.at(0)->public_key().blob();
    server.send_message(KexDhGexReply{blob, {content}, ByteVector(83)});
    CHECK(server.error() == Errc::bad_public_value);
    CHECK(server.offers == 0);
  }
}

TEST_CASE("[CVE-2026-84897, CVE-2025-14942] group exchange: each message in its state, and in no other") {
  // What may be sent in turn; every other number of the method in the place of each is refused.
  const std::vector<ByteVector> wrong_for_server{
      wire::encode(transport::KexdhInit{{wire::mpint_content(group.g)}}),  // also REQUEST_OLD
      wire::encode(KexDhGexRequest{2048, 2048, 8192}), wire::encode(KexDhGexInit{{wire::mpint_content(group.g)}})};
  for (int step = 0; step != 2; ++step) {
    for (const ByteVector& message : wrong_for_server) {
      const int right = step == 0 ? 34 : 32;
      if (message[0] == right) continue;
      const int number = message[0];
      CAPTURE(step);
      CAPTURE(number);
      RawPeer peer = peer_at_method(Role::client);
      REQUIRE(start(peer));
      if (step == 1) REQUIRE(peer.ask_for_group({}));
      peer.send(message);
      CHECK(peer.error() == Errc::unexpected_message);
    }
  }
  const std::vector<ByteVector> wrong_for_client{group_message(group.p, group.g),
                                                 wire::encode(KexDhGexReply{{}, {ByteVector{2}}, {}})};
  for (int step = 0; step != 2; ++step) {
    RawPeer peer = peer_at_method(Role::server);
    REQUIRE(start(peer));
    if (step == 1) REQUIRE(peer.send_group(group));
    peer.send(wrong_for_client.at(step == 0 ? 1 : 0));
    CAPTURE(step);
    CHECK(peer.error() == Errc::unexpected_message);
    CHECK(peer.offers == 0);
  }
}

TEST_CASE("group exchange: the request without limits of its first draft is refused, and the reason told (RFC 8270)") {
  RawPeer peer = peer_at_method(Role::client);
  REQUIRE(start(peer));
  peer.send(ByteVector{30, 0, 0, 8, 0});
  CHECK(peer.error() == Errc::unexpected_message);
  CHECK(std::string(peer.last_error().where()) == "SSH_MSG_KEX_DH_GEX_REQUEST_OLD is not supported");
}

TEST_CASE("group exchange: a second request, and one in the place of the next exchange, are unexpected") {
  RawPeer peer = peer_at_method(Role::client);
  REQUIRE(peer.connect());
  peer.send_message(KexDhGexRequest{2048, 2048, 8192});
  CHECK(peer.error() == Errc::unexpected_message);
}

TEST_CASE("[wrong-guess] group exchange: right and wrong guesses of it, and of others where it is agreed on") {
  const std::string other = "curve25519-sha256";
  for (const bool is_agreed : {true, false}) {
    for (const bool right : {true, false}) {
      CAPTURE(is_agreed);
      CAPTURE(right);
      // The client's first name that the server has is taken; the server's own first one makes the guess right or
      // wrong.
      const std::string taken = is_agreed ? method : other;
      const std::string rest = is_agreed ? other : method;
      transport::TransportConfig subject = server_config();
      subject.algorithms.kex = right ? std::vector{taken, rest} : std::vector{rest, taken};
      RawPeer peer(Role::client, subject);
      peer.identify();
      const std::string names = taken + "," + rest;
      peer.send_kexinit(changed_kexinit(peer.make_kexinit(), [&](transport::KexInit& m) {
        m.first_kex_packet_follows = true;
        m.kex_algorithms = wire::NameList(names);
      }));
      REQUIRE(peer.agree());
      if (!right) peer.send(is_agreed ? wire::encode(KexDhGexRequest{9, 8, 7}) : test_payload(30, 3));
      REQUIRE(peer.error() == Errc::ok);
      REQUIRE(peer.run_method());
      peer.send_newkeys();
      CHECK(peer.key_exchanges == 1);
      CHECK(peer.subject.negotiated().kex == taken);
    }
  }
}

TEST_CASE("[wrong-guess] group exchange: a client drops a server's wrong guess before the group") {
  transport::TransportConfig config = with_method(client_config());
  config.algorithms.kex = {method, "curve25519-sha256"};
  RawPeer peer(Role::server, config);
  peer.identify();
  peer.send_kexinit(changed_kexinit(peer.make_kexinit(), [&](transport::KexInit& m) {
    m.first_kex_packet_follows = true;
    m.kex_algorithms = wire::NameList("curve25519-sha256,diffie-hellman-group-exchange-sha256");
  }));
  REQUIRE(peer.agree());
  peer.send(test_payload(31, 3));
  REQUIRE(peer.error() == Errc::ok);
  REQUIRE(peer.run_method());
  peer.send_newkeys();
  CHECK(peer.key_exchanges == 1);
  CHECK(peer.subject.negotiated().kex == method);
}

TEST_CASE("[CVE-2023-48795] group exchange: nothing may stand between its messages in strict key exchange") {
  for (const ByteVector& intruder : {wire::encode(transport::Ignore{}), wire::encode(transport::Debug{})}) {
    RawPeer client = peer_at_method(Role::client);
    REQUIRE(start(client));
    REQUIRE(client.ask_for_group({}));
    client.send(intruder);
    CHECK(client.error() == Errc::unexpected_packet_in_strict_kex);
    RawPeer server = peer_at_method(Role::server);
    REQUIRE(start(server));
    REQUIRE(server.send_group(group));
    server.send(intruder);
    CHECK(server.error() == Errc::unexpected_packet_in_strict_kex);
  }
}

TEST_CASE("[rekey-storm] group exchange: one 8192-bit exchange after another ends the session") {
  RawPeer peer = peer_at_method(Role::client);
  REQUIRE(peer.connect());
  int rounds = 0;
  while (peer.error() == Errc::ok && rounds != 20) {
    ++rounds;
    peer.send_kexinit();
    if (peer.error() != Errc::ok) break;
    REQUIRE(peer.agree());
    REQUIRE(peer.ask_for_group({8192, 8192, 8192}));
    peer.send(peer.client_init());
    REQUIRE(peer.take_reply());
    peer.send_newkeys();
    peer.receive_until(21);
  }
  CHECK(peer.error() == Errc::rekey_storm);
  CHECK(rounds < 10);
}
