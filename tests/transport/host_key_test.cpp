// The server's proof (RFC 4253 §8) and the client's decision about it.
#include <doctest/doctest.h>

#include "support/flip.h"
#include "support/loopback.h"
#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;
using hawser::transport::KexEcdhReply;

namespace {

// A server that stands before its reply, under one method and host key algorithm.
struct ReplyingServer {
  explicit ReplyingServer(const char* algorithm = "ecdsa-sha2-nistp256",
                          crypto::KeyType type = crypto::KeyType::ecdsa_p256, const char* method = "curve25519-sha256")
      : peer(Role::server, config(algorithm), server_config(type)) {
    peer.own.algorithms.kex = {method};
    peer.identify();
    peer.send_kexinit();
    REQUIRE(peer.agree());
    reply = peer.server_reply(*peer.own.host_keys[0]);
    REQUIRE_FALSE(reply.empty());
  }

  static transport::TransportConfig config(const char* algorithm) {
    transport::TransportConfig config = client_config();
    config.algorithms.host_key = {algorithm};
    return config;
  }

  template <class Change>
  Errc outcome_of(Change change) {
    KexEcdhReply message = *wire::decode<KexEcdhReply>(reply);
    change(message);
    peer.send(wire::encode(message));
    CHECK(peer.offers == 0);
    CHECK(peer.key_exchanges == 0);
    return peer.error();
  }

  RawPeer peer;
  ByteVector reply;
};

}  // namespace

TEST_CASE("[CVE-2026-16516] host key: its type must be the negotiated one exactly, the curve included") {
  using crypto::KeyType;
  for (const KeyType type : {KeyType::ed25519, KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::rsa}) {
    ReplyingServer server;
    CHECK(server.outcome_of([&](KexEcdhReply& r) { r.host_key = host_key(type)->public_key().blob(); }) ==
          Errc::bad_key);
  }
  ReplyingServer server;
  CHECK(server.outcome_of([](KexEcdhReply& r) { r.host_key = as_bytes("garbage"); }) != Errc::ok);
  for (const std::string_view type : {"ssh-dss", "ssh-ed448", "x", ""}) {
    ByteVector blob;
    wire::append_string(blob, type);
    wire::append_string(blob, "what such a key may hold");
    ReplyingServer unknown;
    CHECK(unknown.outcome_of([&](KexEcdhReply& r) { r.host_key = blob; }) == Errc::bad_key);
  }
}

TEST_CASE("host key: the signature must be the key's own, over this exchange, under the negotiated name") {
  using crypto::KeyType;
  ReplyingServer other_key;
  CHECK(other_key.outcome_of([](KexEcdhReply& r) {
    r.host_key = host_key(KeyType::ecdsa_p256, 1)->public_key().blob();
  }) == Errc::bad_signature);
  ReplyingServer flipped;
  ByteVector signature;
  CHECK(flipped.outcome_of([&](KexEcdhReply& r) {
    signature = to_vector(r.signature);
    signature.back() ^= 1;
    r.signature = signature;
  }) == Errc::bad_signature);
  ReplyingServer empty;
  CHECK(empty.outcome_of([](KexEcdhReply& r) { r.signature = {}; }) == Errc::bad_signature);
  ReplyingServer old_exchange;
  const auto old_signature =
      host_key(KeyType::ecdsa_p256)->sign(*crypto::find_signature("ecdsa-sha2-nistp256"), as_bytes("H"));
  REQUIRE(old_signature);
  CHECK(old_exchange.outcome_of([&](KexEcdhReply& r) { r.signature = *old_signature; }) == Errc::bad_signature);

  // The right key and a valid signature, but of another algorithm than was agreed on (RFC 8332 §3.1).
  ReplyingServer rsa("rsa-sha2-512", KeyType::rsa);
  CHECK(rsa.outcome_of([&](KexEcdhReply& r) {
    signature = to_vector(r.signature);
    std::copy_n("rsa-sha2-256", 12, signature.begin() + 4);
    r.signature = signature;
  }) == Errc::bad_signature);
}

TEST_CASE(
    "[CVE-2026-59842, CVE-2026-73429] host key: public values of wrong length or low order are refused in both roles") {
  for (const std::size_t size : {0u, 1u, 31u, 33u, 64u}) {
    const ByteVector value(size, 9);
    ReplyingServer server;
    CHECK(server.outcome_of([&](KexEcdhReply& r) { r.q_s = value; }) == Errc::bad_public_value);
    RawPeer client(Role::client, server_config());
    client.identify();
    client.send_kexinit();
    client.send_message(transport::KexEcdhInit{value});
    CHECK(client.error() == Errc::bad_public_value);
  }
  const ByteVector zero(32, 0);
  ReplyingServer server;
  CHECK(server.outcome_of([&](KexEcdhReply& r) { r.q_s = zero; }) == Errc::bad_public_value);
}

TEST_CASE("[CVE-2023-28113, GHSA-m9rg] host key: modp values of 0, 1 or below zero are refused in both roles") {
  const std::vector<ByteVector> values{{}, {1}, {0x80}, {0xff, 0x00}};
  for (const ByteVector& value : values) {
    ReplyingServer server("ecdsa-sha2-nistp256", crypto::KeyType::ecdsa_p256, "diffie-hellman-group14-sha256");
    CHECK(server.outcome_of([&](KexEcdhReply& r) { r.q_s = value; }) == Errc::bad_public_value);
    transport::TransportConfig own = client_config();
    own.algorithms.kex = {"diffie-hellman-group14-sha256"};
    RawPeer client(Role::client, server_config(), own);
    client.identify();
    client.send_kexinit();
    client.send_message(transport::KexEcdhInit{value});
    CHECK(client.error() == Errc::bad_public_value);
  }
}

TEST_CASE("[CVE-2025-11625] host key: nothing goes on until the decision, and nothing before it is lost") {
  Loopback link;
  link.client.accepts_host_key = false;
  link.server.send(test_payload(94, 5));
  link.client.send(test_payload(95, 5));
  link.pump();
  REQUIRE(link.client.offered.size() == 1);
  CHECK(link.client.key_exchanges.empty());
  CHECK(link.client.packets.empty());
  CHECK_FALSE(link.client.transport.writable());
  CHECK(link.client.transport.transmit().empty());
  // Whoever decides may take any time.
  CHECK_FALSE(link.client.transport.deadline());

  link.client.transport.accept_host_key();
  link.client.drain();
  link.pump();
  CHECK(link.client.key_exchanges.size() == 1);
  CHECK(link.client.packets.size() == 1);
  CHECK(link.server.packets.size() == 1);
}

TEST_CASE("host key: a rejected one ends the session without NEWKEYS, with reason 9 (RFC 4253 §11.1)") {
  Loopback link;
  link.client.accepts_host_key = false;
  link.pump();
  link.client.transport.reject_host_key();
  link.client.drain();
  REQUIRE(link.client.error);
  CHECK(link.client.error->code() == Errc::host_key_rejected);
  link.pump();
  REQUIRE(link.server.disconnected);
  CHECK(link.server.disconnected->reason == 9);
  CHECK(link.server.key_exchanges.empty());
}

TEST_CASE("host key: a decision when none is asked for does nothing") {
  Loopback link;
  link.client.transport.accept_host_key();
  link.client.transport.reject_host_key();
  link.server.transport.accept_host_key();
  REQUIRE(link.connect());
  link.client.transport.reject_host_key();
  CHECK_FALSE(link.client.transport.closed());
}

TEST_CASE("[CVE-2026-60002] host key: another one in a rekey ends the session and is never offered") {
  for (const crypto::KeyType type : {crypto::KeyType::ed25519, crypto::KeyType::ecdsa_p256}) {
    RawPeer peer(Role::server, client_config());
    REQUIRE(peer.connect());
    REQUIRE(peer.exchange_keys());
    CHECK(peer.offers == 1);
    peer.own.host_keys = {host_key(type, 1)};
    CHECK_FALSE(peer.exchange_keys());
    CHECK(peer.error() == Errc::host_key_changed);
    CHECK(peer.offers == 1);
  }
}
