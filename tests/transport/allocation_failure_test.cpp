// Memory that runs out at any step: std::bad_alloc reaches whoever drives the session, or the session ends with an
// error; nothing is accepted that was not verified. (What the crypto library takes from its own pools does not fail
// here.)
#include <doctest/doctest.h>

#include "support/counting_allocator.h"
#include "support/loopback.h"
#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;
using hawser::transport::KexEcdhReply;

namespace {

// Without ML-KEM: Botan ends the program where it runs out of memory in that (doc/limits.md).
transport::TransportConfig curve_config() {
  transport::TransportConfig config = client_config();
  config.algorithms.kex = {"curve25519-sha256"};
  return config;
}

}  // namespace

TEST_CASE(
    "[CVE-2025-26465, CVE-2023-2283] allocation failure: a host key with a wrong signature is never offered, at "
    "whatever step") {
  for (const crypto::KeyType type : {crypto::KeyType::ed25519, crypto::KeyType::ecdsa_p256, crypto::KeyType::rsa}) {
    std::size_t steps = 0;
    for (FailureOutcome outcome = FailureOutcome::threw; outcome != FailureOutcome::none; ++steps) {
      CAPTURE(steps);
      RawPeer peer(Role::server, curve_config(), server_config(type));
      peer.identify();
      peer.send_kexinit();
      REQUIRE(peer.agree());
      const ByteVector reply = peer.server_reply(*peer.own.host_keys[0]);
      KexEcdhReply message = *wire::decode<KexEcdhReply>(reply);
      ByteVector signature = to_vector(message.signature);
      signature.back() ^= 1;
      message.signature = signature;
      const ByteVector packet = peer.seal(wire::encode(message));
      outcome = with_allocation_failure(steps, [&] { peer.send_raw(packet); });
      peer.drain();
      CHECK(peer.offers == 0);
      CHECK(peer.key_exchanges == 0);
      if (outcome == FailureOutcome::none) CHECK(peer.error() == Errc::bad_signature);
    }
    CHECK(steps > 5);
  }
}

TEST_CASE(
    "[CVE-2023-6918, CVE-2025-8114] allocation failure: a handshake and a packet, at each step, leave nothing behind") {
  std::size_t steps = 0;
  for (FailureOutcome outcome = FailureOutcome::threw; outcome != FailureOutcome::none; ++steps) {
    CAPTURE(steps);
    const std::shared_ptr<BufferPool> pool = BufferPool::create();
    {
      transport::TransportConfig client = curve_config();
      transport::TransportConfig server = server_config();
      client.pool = server.pool = pool;
      Loopback link(client, server);
      outcome = with_allocation_failure(steps, [&] {
        if (link.connect()) link.client.send(test_payload(94, 10));
        link.pump();
      });
      if (outcome == FailureOutcome::none) CHECK(link.server.packets.size() == 1);
    }
    CHECK(pool->stats().bytes_in_use == 0);
  }
  CHECK(steps > 50);
}
