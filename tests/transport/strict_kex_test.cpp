// Strict key exchange (OpenSSH PROTOCOL §1.10) and what it is there for: prefix truncation, CVE-2023-48795.
#include <doctest/doctest.h>

#include "support/loopback.h"
#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;

namespace {

// A KEXINIT of a peer that knows nothing of strict key exchange.
ByteVector without_strict(Bytes kexinit) {
  return changed_kexinit(kexinit,
                         [](transport::KexInit& m) { m.kex_algorithms = wire::NameList("curve25519-sha256"); });
}

bool exchange_without_strict(RawPeer& peer) {
  peer.identify();
  peer.send_kexinit(without_strict(peer.make_kexinit()));
  if (!peer.agree() || !peer.run_method()) return false;
  peer.send_newkeys();
  peer.receive_until(21);
  return peer.key_exchanges == 1;
}

// The sequence number that the subject counts for the next packet: it tells in its UNIMPLEMENTED.
std::uint32_t counted_sequence_number(RawPeer& peer) {
  peer.send(ByteVector{10});
  const ByteVector reply = peer.receive_until(3);
  const Result<transport::Unimplemented> message = wire::decode<transport::Unimplemented>(reply);
  REQUIRE(message);
  return message->packet_sequence_number;
}

const std::vector<ByteVector> intruders{wire::encode(transport::Ignore{}),
                                        wire::encode(transport::Debug{}),
                                        wire::encode(transport::Unimplemented{}),
                                        wire::encode(transport::Ping{}),
                                        wire::encode(transport::ExtInfo{}),
                                        wire::encode(transport::ServiceRequest{"ssh-userauth"}),
                                        ByteVector{50},
                                        ByteVector{80},
                                        ByteVector{200}};

}  // namespace

TEST_CASE(
    "[CVE-2023-48795, CVE-2023-46446, CVE-2024-41909] strict key exchange: any other packet before the first NEWKEYS "
    "ends the session") {
  for (const Role role : {Role::client, Role::server}) {
    for (int step = 0; step != 3; ++step) {
      for (const ByteVector& intruder : intruders) {
        CAPTURE(step);
        const int number = intruder[0];
        CAPTURE(number);
        RawPeer peer(role, role == Role::client ? server_config() : client_config());
        peer.identify();
        if (step >= 1) {
          peer.send_kexinit();
          REQUIRE(peer.agree());
        }
        if (step >= 2) REQUIRE(peer.run_method());
        REQUIRE(peer.error() == Errc::ok);
        peer.send(intruder);
        CHECK(peer.error() == Errc::unexpected_packet_in_strict_kex);
        CHECK(peer.packets.empty());
        const ByteVector goodbye = peer.receive_until(1);
        // The client has switched its keys already when it waits for NEWKEYS.
        if (!goodbye.empty()) CHECK(wire::decode<transport::Disconnect>(goodbye)->reason_code == 2);
      }
    }
  }
}

TEST_CASE("[CVE-2023-48795] strict key exchange: sequence numbers start again at each NEWKEYS, in both directions") {
  RawPeer peer(Role::client, server_config());
  REQUIRE(peer.connect());
  REQUIRE(peer.subject.negotiated().strict_kex);
  CHECK(counted_sequence_number(peer) == 0);
  CHECK(counted_sequence_number(peer) == 1);
  REQUIRE(peer.exchange_keys());
  CHECK(counted_sequence_number(peer) == 0);
}

TEST_CASE(
    "strict key exchange: without it sequence numbers run on, and IGNORE may come during the exchange (RFC 4253)") {
  RawPeer peer(Role::client, server_config());
  peer.identify();
  peer.send_kexinit(without_strict(peer.make_kexinit()));
  REQUIRE(peer.agree());
  peer.send_message(transport::Ignore{});
  REQUIRE(peer.run_method());
  peer.send_message(transport::Debug{false, "between", ""});
  peer.send_newkeys();
  peer.receive_until(21);
  REQUIRE(peer.key_exchanges == 1);
  CHECK_FALSE(peer.subject.negotiated().strict_kex);
  CHECK(peer.debug_texts == std::vector<std::string>{"between"});
  CHECK(counted_sequence_number(peer) == 5);
  REQUIRE(peer.exchange_keys());
  CHECK(counted_sequence_number(peer) == 9);
}

TEST_CASE("[CVE-2023-48795] strict key exchange: a first packet that is cut out is noticed by the next") {
  for (const char* cipher : {"chacha20-poly1305@openssh.com", "aes128-ctr"}) {
    transport::TransportConfig own = server_config();
    own.algorithms.cipher = {cipher};
    own.algorithms.mac = {"hmac-sha2-256-etm@openssh.com"};
    RawPeer peer(Role::server, client_config(), own);
    REQUIRE(peer.connect());
    // The attacker cannot make up for the packet it drops by one it injected before NEWKEYS: the numbers began anew.
    (void)peer.seal(wire::encode(transport::ExtInfo{}));
    peer.send(test_payload(94, 100));
    CHECK(peer.packets.empty());
    // Under chacha20 the length itself decrypts to noise, nearly always far beyond the cap.
    const bool length_is_noise = std::string_view(cipher) != "aes128-ctr";
    CHECK(peer.error() == (length_is_noise ? Errc::packet_too_large : Errc::bad_mac));
  }
}

TEST_CASE(
    "[defect 39] strict key exchange: it is agreed on by the names that OpenSSH has for it (OpenSSH PROTOCOL §1.10)") {
  struct Row {
    Role role;  // the peer's
    const char* own;
    const char* wrong;
    const char* of_subject;
  };
  for (const Row& row : {Row{Role::client, "kex-strict-c-v00@openssh.com", "kex-strict-c-v01@openssh.com",
                             "kex-strict-s-v00@openssh.com"},
                         Row{Role::server, "kex-strict-s-v00@openssh.com", "kex-strict-s-v01@openssh.com",
                             "kex-strict-c-v00@openssh.com"}}) {
    for (const char* announced : {row.own, row.wrong, row.of_subject}) {
      CAPTURE(announced);
      RawPeer peer(row.role, row.role == Role::client ? server_config() : client_config());
      peer.identify();
      const ByteVector kexinit = peer.receive_until(transport::KexInit::number);
      const auto offered = wire::decode<transport::KexInit>(kexinit);
      REQUIRE(offered);
      CHECK(offered->kex_algorithms.contains(row.of_subject));
      const std::string names = std::string("curve25519-sha256,") + announced;
      peer.send_kexinit(changed_kexinit(peer.make_kexinit(),
                                        [&](transport::KexInit& m) { m.kex_algorithms = wire::NameList(names); }));
      REQUIRE(peer.agree());
      REQUIRE(peer.run_method());
      peer.send_newkeys();
      CHECK(peer.key_exchanges == 1);
      CHECK(peer.subject.negotiated().strict_kex == (announced == row.own));
    }
  }
}

TEST_CASE("[CVE-2023-48795] strict key exchange: a policy may require it") {
  for (const Role role : {Role::client, Role::server}) {
    transport::TransportConfig config = role == Role::client ? server_config() : client_config();
    config.algorithms.require_strict_kex = true;
    RawPeer old(role, config);
    CHECK_FALSE(exchange_without_strict(old));
    CHECK(old.error() == Errc::strict_kex_required);
    RawPeer modern(role, config);
    CHECK(modern.connect());
  }
}

TEST_CASE("strict key exchange: its marker in a later KEXINIT changes nothing") {
  RawPeer peer(Role::client, server_config());
  REQUIRE(exchange_without_strict(peer));
  peer.send_kexinit(peer.make_kexinit(true));
  REQUIRE(peer.agree());
  REQUIRE(peer.run_method());
  peer.send_newkeys();
  peer.receive_until(21);
  CHECK(peer.key_exchanges == 2);
  CHECK_FALSE(peer.subject.negotiated().strict_kex);
  CHECK(counted_sequence_number(peer) != 0);
}
