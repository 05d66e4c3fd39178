// Compressed payloads (RFC 4253 §6.2), from NEWKEYS on or from the end of authentication on.
#include <doctest/doctest.h>

#include "support/loopback.h"
#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;

namespace {

transport::TransportConfig with_compression(transport::TransportConfig config, std::vector<std::string> names) {
  config.algorithms.compression = std::move(names);
  return config;
}

// A client that sends to a server which decompresses from the first NEWKEYS on.
struct ZlibPeer : RawPeer {
  ZlibPeer()
      : RawPeer(Role::client, with_compression(server_config(), {"zlib"}),
                with_compression(client_config(), {"zlib"})) {
    REQUIRE(connect());
  }
  void send_compressed(Bytes payload) {
    const Result<Bytes> packet = compressor.compress(payload);
    REQUIRE(packet);
    send(*packet);
  }
  crypto::Compressor compressor;
};

std::uint64_t sent(LinkEnd& end) { return end.transport.stats().bytes_sent; }

}  // namespace

TEST_CASE("compression: nothing is compressed unless the client asks for it") {
  Loopback link(client_config(), server_config());
  REQUIRE(link.connect());
  CHECK(link.client.transport.negotiated().compression_client_to_server == "none");
  CHECK(link.client.transport.negotiated().compression_server_to_client == "none");
}

TEST_CASE("compression: zlib begins with the first keys, zlib@openssh.com behind USERAUTH_SUCCESS, over every link") {
  for (const std::string name : {"zlib", "zlib@openssh.com"}) {
    CAPTURE(name);
    // On a noisy link the client talks while it waits for the server to let it in, which no client may.
    for (const LinkMode mode : {LinkMode::plain, LinkMode::single_bytes, LinkMode::random_splits}) {
      Loopback link(with_compression(client_config(), {name}), with_compression(server_config(), {name, "none"}), mode);
      REQUIRE(link.connect());
      CHECK(link.client.transport.negotiated().compression_client_to_server == name);
      const ByteVector zeros(20'000, 94);
      const auto cost = [&](LinkEnd& from, LinkEnd& to) {
        const std::uint64_t before = sent(from);
        from.send(zeros);
        link.pump();
        REQUIRE_FALSE(link.client.error);
        REQUIRE_FALSE(link.server.error);
        CHECK(to.packets.back() == zeros);
        return sent(from) - before;
      };
      const bool at_once = name == "zlib";
      CHECK((cost(link.client, link.server) < 1000) == at_once);
      CHECK((cost(link.server, link.client) < 1000) == at_once);
      link.server.send(ByteVector{52});
      link.pump();
      for (int keys = 0; keys != 3; ++keys) {
        CHECK(cost(link.client, link.server) < 1000);
        CHECK(cost(link.server, link.client) < 1000);
        (keys == 0 ? link.client : link.server).transport.rekey();
        link.pump();
      }
      CHECK(link.client.key_exchanges.size() == 4);
    }
  }
}

TEST_CASE("compression: a direction alone") {
  transport::TransportConfig client = with_compression(client_config(), {"zlib", "none"});
  RawPeer peer(Role::client, with_compression(server_config(), {"zlib", "none"}), client);
  peer.identify();
  peer.send_kexinit(changed_kexinit(peer.make_kexinit(), [](transport::KexInit& m) {
    m.compression_algorithms_server_to_client = wire::NameList("none");
  }));
  REQUIRE(peer.agree());
  REQUIRE(peer.run_method());
  peer.send_newkeys();
  peer.receive_until(transport::NewKeys::number);
  CHECK(peer.subject.negotiated().compression_client_to_server == "zlib");
  CHECK(peer.subject.negotiated().compression_server_to_client == "none");
  crypto::Compressor compressor;
  peer.send(*compressor.compress(wire::encode(transport::Ping{as_bytes("hello")})));
  CHECK(peer.error() == Errc::ok);
  CHECK(peer.receive_until(transport::Pong::number) == wire::encode(transport::Pong{as_bytes("hello")}));
}

TEST_CASE("[CVE-2026-106585] compression: a packet that grows beyond the limit ends the session") {
  ZlibPeer peer;
  ByteVector large(transport::TransportConfig().packet_length_limit, 94);
  peer.send_compressed(large);
  CHECK(peer.error() == Errc::ok);
  CHECK(peer.packets.size() == 1);
  large.push_back(94);
  peer.send_compressed(large);
  CHECK(peer.error() == Errc::packet_too_large);
}

TEST_CASE("compression: a packet that is not compressed, or holds nothing, ends the session") {
  ZlibPeer plain;
  plain.send(test_payload(94, 100));
  CHECK(plain.error() == Errc::bad_compression);

  ZlibPeer nothing;
  nothing.send(ByteVector{0x78, 0x9c});
  CHECK(nothing.error() == Errc::truncated);
}
