// What is done otherwise for peers that are known to get something wrong (transport/quirks.h).
#include "hawser/transport/quirks.h"

#include <doctest/doctest.h>

#include "support/loopback.h"
#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;
using transport::Quirks;
using transport::quirks_of;

namespace {

// Each software that the table knows.
std::vector<std::string> known_software() {
  std::vector<std::string> all;
  for (const transport::QuirkRow& row : transport::quirk_rows()) {
    for (const std::string_view name : wire::NameList(row.software)) all.emplace_back(name);
  }
  return all;
}

}  // namespace

TEST_CASE("quirks: a peer is known by the beginning of its software version, others have none") {
  CHECK(quirks_of("SSH-2.0-Sun_SSH_1.0.1").fails_on_rekey);
  CHECK_FALSE(quirks_of("SSH-2.0-Sun_SSH_1.1").fails_on_rekey);
  CHECK(quirks_of("SSH-2.0-Cisco-1.25").largest_group == 4096);
  CHECK(quirks_of("SSH-1.99-Cisco-1.25").fails_on_unknown_global_request);
  CHECK(quirks_of("SSH-2.0-Cisco-2.0").largest_group == limits::largest_group);
  CHECK(quirks_of("SSH-2.0-TTSSH/2.72 Win32").fails_on_unknown_global_request);
  CHECK_FALSE(quirks_of("SSH-2.0-TTSSH/2.90 Win32").fails_on_unknown_global_request);
  for (const char* other :
       {"", "SSH", "SSH-", "SSH-2.0-", "SSH-2.0-OpenSSH_9.2p1", "SSH-2.0-xCisco-1.25", "Cisco-1.25"}) {
    CAPTURE(other);
    const Quirks none = quirks_of(other);
    CHECK_FALSE(none.fails_on_rekey);
    CHECK_FALSE(none.fails_on_unknown_global_request);
    CHECK(none.largest_group == limits::largest_group);
  }
}

TEST_CASE("[CVE-2023-25136] quirks: a session with each peer that the table knows, and with others, in both roles") {
  std::vector<std::string> all = known_software();
  CHECK(all.size() >= 13);
  all.insert(all.end(),
             {"OpenSSH_9.1", "FuTTYSH_9.1p1", "PuTTY_Release_0.60", "WinSCP_release_4.3.7", "dropbear_2012.55"});
  for (const std::string& software : all) {
    for (const Role role : {Role::client, Role::server}) {
      CAPTURE(software);
      RawPeer peer(role, role == Role::client ? server_config() : client_config());
      peer.send_raw("SSH-2.0-" + software + " comment\r\n");
      CHECK(peer.error() == Errc::ok);
      CHECK(peer.subject.peer_identification() == "SSH-2.0-" + software + " comment");
      peer.send_kexinit();
      CHECK(peer.error() == Errc::ok);
      peer.send_raw("garbage that is no packet, but long enough for the length of one");
      CHECK(peer.error() != Errc::ok);
    }
  }
}

TEST_CASE(
    "quirks: no key exchange is begun by bytes, packets or time with a peer that fails on it; its own are answered") {
  transport::TransportConfig client = client_config();
  client.rekey.bytes = 10'000;
  client.rekey.packets = 5;
  client.rekey.time = std::chrono::seconds(1);
  for (const bool old : {true, false}) {
    transport::TransportConfig server = server_config();
    server.software = old ? "Sun_SSH_1.0" : "Sun_SSH_1.1";
    Loopback link(client, server);
    REQUIRE(link.connect());
    for (int i = 0; i != 20; ++i) {
      link.client.send(test_payload(94, 2000));
      link.pump();
    }
    for (int i = 1; i != 4; ++i) {
      link.client.transport.tick(TimePoint() + i * std::chrono::hours(2));
      link.pump();
    }
    CHECK((link.client.key_exchanges.size() == 1) == old);
    const std::size_t before = link.client.key_exchanges.size();
    link.server.transport.rekey();
    link.pump();
    CHECK(link.client.key_exchanges.size() == before + 1);
    CHECK(link.server.packets.size() == 20);
  }
}

TEST_CASE("quirks: a server that cannot do more is asked for a group of 4096 bits at most") {
  transport::TransportConfig client = client_config();
  client.algorithms.kex = {"diffie-hellman-group-exchange-sha256"};
  client.algorithms.cipher = {"aes256-ctr"};
  transport::TransportConfig server = server_config();
  server.algorithms = client.algorithms;
  for (const bool cisco : {true, false}) {
    RawPeer peer(Role::server, client, server);
    peer.send_raw(cisco ? "SSH-2.0-Cisco-1.25\r\n" : "SSH-2.0-Other-1.25\r\n");
    peer.send_kexinit(peer.make_kexinit());
    const auto request = wire::decode<transport::KexDhGexRequest>(peer.receive_until(34));
    REQUIRE(request);
    CHECK(request->min == 2048);
    CHECK(request->n == (cisco ? 4096 : 8192));
    CHECK(request->max == 8192);
  }
}
