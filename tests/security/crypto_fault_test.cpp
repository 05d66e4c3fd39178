// The crypto library fails at any of its calls: whoever asked notices. A session in which it happened ends; nobody is
// let in by it, and what would have been encrypted does not leave in clear. (What it takes from the heap:
// allocation_failure_test.cpp; signatures that are made wrongly: rsa_fault_test.cpp.)
#include <doctest/doctest.h>

#include "security/crypto_library_faults.h"
#include "support/raw_peer.h"
#include "support/session_pair.h"

namespace hawser::test {

namespace {

constexpr std::string_view text = "what an eavesdropper must not read";

struct Algorithms {
  const char* kex;
  crypto::KeyType host_key;
  const char* cipher;
  const char* mac;
};

constexpr Algorithms rows[] = {
    // clang-format off
    {"curve25519-sha256", crypto::KeyType::ed25519, "chacha20-poly1305@openssh.com", "hmac-sha2-256"},
    {"ecdh-sha2-nistp256", crypto::KeyType::ecdsa_p256, "aes128-gcm@openssh.com", "hmac-sha2-256"},
    {"diffie-hellman-group14-sha256", crypto::KeyType::rsa, "aes128-ctr", "hmac-sha2-256"},
    {"curve25519-sha256", crypto::KeyType::ed25519, "aes256-ctr", "hmac-sha2-512-etm@openssh.com"},
    {"diffie-hellman-group-exchange-sha256", crypto::KeyType::ed25519, "aes128-ctr", "hmac-sha2-256"},
    // clang-format on
};

transport::TransportConfig with_algorithms(transport::TransportConfig config, const Algorithms& row) {
  config.algorithms.kex = {row.kex};
  config.algorithms.cipher = {row.cipher};
  config.algorithms.mac = {row.mac};
  return config;
}

bool in_clear(const SessionPair& pair, std::string_view what) {
  return pair.sent_by_client.find(what) != std::string::npos || pair.sent_by_server.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE(
    "[CVE-2025-5372, CVE-2025-5987, CVE-2026-59847] crypto faults: key exchange, login and a channel, each call of the "
    "library failing once") {
  for (const Algorithms& row : rows) {
    CAPTURE(std::string(row.kex));
    CAPTURE(std::string(row.cipher));
    CAPTURE(std::string(row.mac));
    std::size_t calls = 0;
    for (FaultOutcome outcome = FaultOutcome::threw; outcome != FaultOutcome::none; ++calls) {
      CAPTURE(calls);
      SessionPair pair(BufferPool::create(), with_algorithms(client_config(), row),
                       with_algorithms(server_config(row.host_key), row));
      pair.client.text = text;
      outcome = with_crypto_fault(calls, [&] { pair.pump(); });
      pair.pump();  // whoever goes on all the same gets nothing by it
      CHECK_FALSE(in_clear(pair, text));
      CHECK_FALSE(in_clear(pair, pair.client.password));
      CHECK(text.starts_with(pair.client.echoed));
      if (pair.client.authenticated) CHECK(pair.server.successes == 1);
      if (outcome == FaultOutcome::went_on) {
        CHECK((pair.client.error || pair.server.error));
      } else if (outcome == FaultOutcome::none) {
        CHECK(pair.client.echoed == text);
        CHECK(pair.client.closed);
      }
    }
    CHECK(calls > 30);
  }
}

TEST_CASE("[CVE-2023-2283, CVE-2025-26465] crypto faults: a host key with a wrong signature is never offered") {
  for (const crypto::KeyType type : {crypto::KeyType::ed25519, crypto::KeyType::ecdsa_p256, crypto::KeyType::rsa}) {
    std::size_t calls = 0;
    for (FaultOutcome outcome = FaultOutcome::threw; outcome != FaultOutcome::none; ++calls) {
      CAPTURE(calls);
      RawPeer peer(Role::server, client_config(), server_config(type));
      peer.identify();
      peer.send_kexinit();
      REQUIRE(peer.agree());
      const ByteVector reply = peer.server_reply(*peer.own.host_keys[0]);
      transport::KexEcdhReply message = *wire::decode<transport::KexEcdhReply>(reply);
      ByteVector signature = to_vector(message.signature);
      signature.back() ^= 1;
      message.signature = signature;
      const ByteVector packet = peer.seal(wire::encode(message));
      outcome = with_crypto_fault(calls, [&] { peer.send_raw(packet); });
      peer.drain();
      CHECK(peer.offers == 0);
      CHECK(peer.key_exchanges == 0);
      if (outcome == FaultOutcome::none) CHECK(peer.error() == Errc::bad_signature);
    }
    CHECK(calls > 2);
  }
}

}  // namespace hawser::test
