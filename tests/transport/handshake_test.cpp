// A first key exchange for each row of each algorithm table, both roles played by the library.
#include <doctest/doctest.h>

#include "support/loopback.h"

using namespace hawser;
using namespace hawser::test;

namespace {

// Connects, and passes packets of many sizes both ways: at the borders of blocks and far beyond them.
void check_link(Loopback& link) {
  REQUIRE_MESSAGE(link.connect(), link.client.transport.failure_detail()
                                      << " / " << link.server.transport.failure_detail());
  CHECK(link.client.key_exchanges[0].first);
  CHECK(equal(link.client.transport.session_id().bytes(), link.server.transport.session_id().bytes()));
  std::vector<ByteVector> sent;
  for (const std::size_t size : {0u, 1u, 7u, 8u, 9u, 15u, 16u, 17u, 31u, 32u, 33u, 255u, 1024u, 32768u}) {
    sent.push_back(test_payload(94, size));
    link.client.send(sent.back());
    link.server.send(sent.back());
  }
  link.pump();
  CHECK(link.server.packets == sent);
  CHECK(link.client.packets == sent);
}

}  // namespace

TEST_CASE("handshake: every kind of link carries it") {
  for_each_link_mode([](LinkMode mode) {
    Loopback link(client_config(), server_config(), mode);
    check_link(link);
    CHECK(link.client.offered.size() == 1);
    CHECK(link.client.offered.at(0).key == host_key(crypto::KeyType::ed25519)->public_key());
    CHECK(link.client.transport.negotiated().strict_kex);
    CHECK(link.server.transport.negotiated().strict_kex);
    CHECK(link.client.transport.peer_identification() == "SSH-2.0-Hawser_0.1");
  });
}

TEST_CASE("handshake: every key exchange method (RFC 4253 §8, RFC 4419, RFC 5656, RFC 8268, RFC 8731)") {
  for (const crypto::KexRow& row : crypto::kex_rows()) {
    CAPTURE(row.name);
    transport::TransportConfig config = client_config();
    config.algorithms.kex = {std::string(row.name)};
    transport::TransportConfig server = server_config();
    server.algorithms.kex = config.algorithms.kex;
    Loopback link(config, server);
    check_link(link);
    CHECK(link.client.transport.negotiated().kex == row.name);
  }
}

TEST_CASE("handshake: every host key algorithm (RFC 4253 §6.6, RFC 5656, RFC 8332, RFC 8709)") {
  for (const crypto::SignatureRow& row : crypto::signature_rows()) {
    CAPTURE(row.name);
    transport::TransportConfig config = client_config();
    config.algorithms.host_key = {std::string(row.name)};
    transport::TransportConfig server = server_config(row.key_type);
    server.algorithms.host_key = config.algorithms.host_key;
    Loopback link(config, server);
    check_link(link);
    CHECK(link.client.transport.negotiated().host_key == row.name);
    CHECK(link.client.offered.at(0).algorithm == row.name);
    CHECK(link.client.offered.at(0).key.blob_type() == row.key_blob_type);
  }
}

TEST_CASE("handshake: every cipher with every MAC it needs (RFC 4344, RFC 5647, RFC 6668, OpenSSH PROTOCOL)") {
  for (const crypto::CipherRow& cipher : crypto::cipher_rows()) {
    for (const crypto::MacRow& mac : crypto::mac_rows()) {
      CAPTURE(cipher.name);
      CAPTURE(mac.name);
      transport::TransportConfig config = client_config();
      config.algorithms.cipher = {std::string(cipher.name)};
      config.algorithms.mac = {std::string(mac.name)};
      for (const LinkMode mode : {LinkMode::plain, LinkMode::random_splits}) {
        transport::TransportConfig server = server_config();
        server.algorithms = config.algorithms;
        Loopback link(config, server, mode);
        check_link(link);
        const transport::Negotiated& chosen = link.client.transport.negotiated();
        CHECK(chosen.cipher_client_to_server == cipher.name);
        CHECK(chosen.mac_server_to_client == (cipher.tag_size == 0 ? mac.name : std::string_view()));
      }
    }
  }
}

TEST_CASE("handshake: a known host key's algorithm is asked for first, and a server with several keys has it") {
  transport::TransportConfig server = server_config(crypto::KeyType::ed25519);
  server.host_keys.push_back(host_key(crypto::KeyType::ecdsa_p256));
  transport::TransportConfig client = client_config();
  client.preferred_host_key_algorithms = {"ecdsa-sha2-nistp256"};
  Loopback link(client, server);
  check_link(link);
  CHECK(link.client.transport.negotiated().host_key == "ecdsa-sha2-nistp256");
}

TEST_CASE("handshake: packets handed over before it wait for it, in order") {
  Loopback link;
  for (std::uint8_t i = 0; i != 20; ++i) {
    send_payload(link.client.transport, test_payload(94, 10, i));
    send_payload(link.server.transport, test_payload(95, 10, i));
  }
  CHECK_FALSE(link.client.transport.writable());
  REQUIRE(link.connect());
  REQUIRE(link.server.packets.size() == 20);
  REQUIRE(link.client.packets.size() == 20);
  for (std::uint8_t i = 0; i != 20; ++i) CHECK(link.server.packets[i] == test_payload(94, 10, i));
  CHECK(link.client.transport.writable());
}
