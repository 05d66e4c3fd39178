// first_kex_packet_follows (RFC 4253 §7): a peer may send its method's first message together with KEXINIT. A wrong
// guess is dropped without a look inside.
#include <doctest/doctest.h>

#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;
using hawser::transport::KexInit;

namespace {

struct Case {
  Role peer;
  bool right;
};

// Puts first what a right guess is for.
transport::TransportConfig subject_config(Role peer) {
  transport::TransportConfig config = peer == Role::client ? server_config() : client_config();
  config.algorithms.kex = {"curve25519-sha256", "ecdh-sha2-nistp256"};
  return config;
}

ByteVector kexinit_with_guess(RawPeer& peer, const Case& c) {
  return changed_kexinit(peer.make_kexinit(), [&](KexInit& m) {
    m.first_kex_packet_follows = true;
    m.kex_algorithms =
        wire::NameList(c.right ? "curve25519-sha256,ecdh-sha2-nistp256" : "ecdh-sha2-nistp256,curve25519-sha256");
  });
}

}  // namespace

TEST_CASE("[wrong-guess] guessed packet: right and wrong guesses of either role lead to a session (RFC 4253 §7)") {
  for (const Case& c :
       {Case{Role::client, true}, Case{Role::client, false}, Case{Role::server, true}, Case{Role::server, false}}) {
    const bool is_client = c.peer == Role::client;
    CAPTURE(is_client);
    CAPTURE(c.right);
    RawPeer peer(c.peer, subject_config(c.peer));
    peer.identify();
    peer.send_kexinit(kexinit_with_guess(peer, c));
    REQUIRE(peer.agree());
    if (!c.right) peer.send(test_payload(is_client ? 30 : 31, 20));
    REQUIRE(peer.error() == Errc::ok);
    REQUIRE(peer.run_method());
    peer.send_newkeys();
    CHECK(peer.key_exchanges == 1);
  }
}

TEST_CASE(
    "[wrong-guess] guessed packet: after a right guess nothing is dropped, after a wrong one only one packet is") {
  for (const Role role : {Role::client, Role::server}) {
    const bool is_client = role == Role::client;
    const ByteVector garbage = test_payload(is_client ? 30 : 31, 3);
    RawPeer right(role, subject_config(role));
    right.identify();
    right.send_kexinit(kexinit_with_guess(right, {role, true}));
    right.send(garbage);
    CHECK(right.error() == Errc::truncated);

    RawPeer wrong(role, subject_config(role));
    wrong.identify();
    wrong.send_kexinit(kexinit_with_guess(wrong, {role, false}));
    wrong.send(garbage);
    CHECK(wrong.error() == Errc::ok);
    wrong.send(garbage);
    CHECK(wrong.error() == Errc::truncated);
  }
}

TEST_CASE("[wrong-guess] guessed packet: a wrong one is dropped whichever method's it is, but only a method's") {
  for (const Role role : {Role::client, Role::server}) {
    const auto outcome_of = [&](int number) {
      RawPeer peer(role, subject_config(role));
      peer.identify();
      peer.send_kexinit(kexinit_with_guess(peer, {role, false}));
      peer.send(test_payload(static_cast<std::uint8_t>(number), 3));
      return peer.error();
    };
    for (int number = 30; number <= 49; ++number) CHECK(outcome_of(number) == Errc::ok);
    for (const int number : {20, 21, 50, 94}) CHECK(outcome_of(number) != Errc::ok);
  }
}

TEST_CASE("[CVE-2026-39827, CVE-2025-8277] guessed packet: a wrong guess in every rekey leaves no memory behind") {
  transport::TransportConfig config = subject_config(Role::client);
  config.pool = BufferPool::create();
  RawPeer peer(Role::client, config);
  REQUIRE(peer.connect());
  const std::size_t in_use = config.pool->stats().bytes_in_use;
  for (int round = 0; round != 200; ++round) {
    for (int i = 0; i != 3; ++i) peer.send(test_payload(94, 30'000));  // enough traffic for new keys
    peer.packets.clear();
    peer.send_kexinit(kexinit_with_guess(peer, {Role::client, false}));
    REQUIRE(peer.agree());
    peer.send(test_payload(30, 20));
    REQUIRE(peer.run_method());
    peer.send_newkeys();
    peer.receive_until(21);
  }
  CHECK(peer.key_exchanges == 201);
  CHECK(config.pool->stats().bytes_in_use == in_use);
}
