// Every message number in every phase of a key exchange, in both roles: what `any_service` says is what happens.
#include "hawser/transport/message_rule.h"

#include <doctest/doctest.h>

#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;
using namespace hawser::transport;

namespace {

// Brings a subject to the phase; false where the steps fail.
bool reach(RawPeer& peer, KexPhase phase) {
  peer.identify();
  if (phase == KexPhase::first_kexinit) return true;
  if (phase == KexPhase::first_exchange || phase == KexPhase::first_newkeys) {
    peer.send_kexinit();
    return peer.agree() && (phase == KexPhase::first_exchange || peer.run_method());
  }
  if (!peer.exchange_keys()) return false;
  while (!peer.receive().empty()) {
  }
  if (phase == KexPhase::established) return true;
  if (phase == KexPhase::rekey_requested) {
    peer.subject.rekey();
    return true;
  }
  peer.send_kexinit();
  return peer.agree() && (phase == KexPhase::rekey_exchange || peer.run_method());
}

bool is_first(KexPhase phase) { return phase <= KexPhase::first_newkeys; }

}  // namespace

TEST_CASE(
    "[CVE-2018-10933, wolfSSH 1.4.17, CVE-2016-10708, CVE-2025-11625] message rule: each of the 256 numbers in each "
    "phase × role gets its verdict") {
  for (const Role peer_role : {Role::client, Role::server}) {
    for (int phase = 0; phase != kex_phase_count; ++phase) {
      for (int number = 0; number != 256; ++number) {
        // Most of the upper range is one case; the whole of it in the phase where it is allowed is enough.
        const auto kex = static_cast<KexPhase>(phase);
        if (number > 102 && number < 190 && number % 8 != 0 && kex != KexPhase::established) continue;
        CAPTURE(phase);
        CAPTURE(number);
        RawPeer peer(peer_role, peer_role == Role::client ? server_config() : client_config());
        REQUIRE(reach(peer, kex));
        REQUIRE(peer.error() == Errc::ok);
        peer.send(ByteVector{static_cast<std::uint8_t>(number)});

        const MessageContext context{other(peer_role), kex, ServicePhase::none, true};
        switch (any_service(static_cast<std::uint8_t>(number), context)) {
          case Verdict::unexpected:
            CHECK(peer.error() == (is_first(kex) ? Errc::unexpected_packet_in_strict_kex : Errc::unexpected_message));
            CHECK(peer.packets.empty());
            break;
          case Verdict::service:
            CHECK(peer.error() == Errc::ok);
            CHECK(peer.packets.size() == 1);
            break;
          case Verdict::unimplemented: {
            CHECK(peer.error() == Errc::ok);
            CHECK(peer.packets.empty());
            const ByteVector answer = peer.receive_until(Unimplemented::number);
            // While our own KEXINIT is out, UNIMPLEMENTED may still be sent (RFC 4253 §7.1).
            CHECK(answer.size() == 5);
            break;
          }
          case Verdict::transport:
            CHECK(peer.packets.empty());
            CHECK(peer.error() != Errc::unexpected_packet_in_strict_kex);
            break;
        }
      }
    }
  }
}

TEST_CASE(
    "message rule: what nobody knows is answered with UNIMPLEMENTED, each with its number, in order, also during a "
    "rekey (RFC 4253 §7.1, §11.4)") {
  const std::uint8_t unknown[] = {8, 22, 19, 29, 15};
  for (const Role role : {Role::client, Role::server}) {
    for (const KexPhase phase :
         {KexPhase::established, KexPhase::rekey_requested, KexPhase::rekey_exchange, KexPhase::rekey_newkeys}) {
      CAPTURE(static_cast<int>(phase));
      RawPeer peer(role, role == Role::client ? server_config() : client_config());
      REQUIRE(reach(peer, phase));
      // The number of the first one is known from the answer; from there on they count.
      std::optional<std::uint32_t> last;
      for (const std::uint8_t number : unknown) peer.send(ByteVector{number, 1, 2, 3});
      for (std::size_t i = 0; i != std::size(unknown); ++i) {
        const auto answer = wire::decode<Unimplemented>(peer.receive_until(Unimplemented::number));
        REQUIRE(answer);
        if (last) CHECK(answer->packet_sequence_number == *last + 1);
        last = answer->packet_sequence_number;
      }
      CHECK(peer.error() == Errc::ok);
      CHECK(peer.packets.empty());
    }
  }
}

TEST_CASE("message rule: requests go to servers, accepts to clients (RFC 4253 §10)") {
  for (const Role receiver : {Role::client, Role::server}) {
    const MessageContext context{receiver, KexPhase::established, ServicePhase::none, true};
    CHECK((any_service(5, context) == Verdict::service) == (receiver == Role::server));
    CHECK((any_service(6, context) == Verdict::service) == (receiver == Role::client));
  }
}

TEST_CASE("[CVE-2025-14942] message rule: method messages of the wrong direction or method are refused") {
  // A client that gets a second reply, a server that gets GEX messages for a method without groups.
  RawPeer server(Role::server, client_config());
  REQUIRE(reach(server, KexPhase::first_exchange));
  const ByteVector reply = server.server_reply(*server.own.host_keys[0]);
  server.send(reply);
  CHECK(server.error() == Errc::ok);
  server.send(reply);
  CHECK(server.error() == Errc::unexpected_packet_in_strict_kex);

  for (const std::uint8_t number : {std::uint8_t{32}, std::uint8_t{34}}) {
    RawPeer client(Role::client, server_config());
    REQUIRE(reach(client, KexPhase::first_exchange));
    client.send(ByteVector{number});
    CHECK(client.error() == Errc::unexpected_message);
  }
  RawPeer gex_group(Role::server, client_config());
  REQUIRE(reach(gex_group, KexPhase::first_exchange));
  gex_group.send(ByteVector{33});
  CHECK(gex_group.error() == Errc::unexpected_message);
}

TEST_CASE("message rule: the caller's rule is asked, with role and phases") {
  static std::vector<MessageContext> asked;
  asked.clear();
  RawPeer peer(Role::client, server_config());
  peer.subject.set_message_rule([](std::uint8_t number, MessageContext context) {
    asked.push_back(context);
    return number == 94 ? Verdict::unexpected : any_service(number, context);
  });
  REQUIRE(peer.connect());
  peer.subject.set_service_phase(ServicePhase::connection);
  peer.send(test_payload(94, 1));
  CHECK(peer.error() == Errc::unexpected_message);
  REQUIRE(asked.size() == 4);
  CHECK(asked[0].kex == KexPhase::first_kexinit);
  CHECK(asked[1].kex == KexPhase::first_exchange);
  CHECK(asked[2].kex == KexPhase::first_newkeys);
  CHECK(asked[3].kex == KexPhase::established);
  CHECK(asked[3].service == ServicePhase::connection);
  CHECK(asked[3].receiver == Role::server);
  CHECK(asked[3].strict);
}
