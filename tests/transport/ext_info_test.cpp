// SSH_MSG_EXT_INFO (RFC 8308) and its places in a session.
#include "transport/ext_info.h"

#include <doctest/doctest.h>

#include "support/loopback.h"
#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;
using hawser::transport::ExtInfo;

namespace {

const ByteVector userauth_success{52};
const ByteVector userauth_failure{51};

ByteVector extensions(std::initializer_list<std::pair<std::string_view, std::string_view>> list) {
  ByteVector content;
  for (const auto& [name, value] : list) {
    wire::append_string(content, name);
    wire::append_string(content, value);
  }
  return content;
}

ByteVector ext_info(std::uint32_t count, Bytes content) { return wire::encode(ExtInfo{count, {content}}); }

}  // namespace

TEST_CASE("EXT_INFO: a server sends it right after its first NEWKEYS to a client that asked (RFC 8308 §2.4, §3.1)") {
  transport::TransportConfig config = server_config();
  config.algorithms.user_signature = {"ssh-ed25519", "rsa-sha2-256"};
  RawPeer peer(Role::client, config);
  send_payload(peer.subject, test_payload(94, 1));
  REQUIRE(peer.connect());
  const ByteVector first = peer.receive();
  CHECK(first == ext_info(3, extensions({{"server-sig-algs", "ssh-ed25519,rsa-sha2-256"},
                                         {"publickey-hostbound@openssh.com", "0"},
                                         {"ping@openssh.com", "0"}})));
  CHECK(peer.receive()[0] == 94);
  REQUIRE(peer.exchange_keys());
  CHECK(peer.receive().empty());  // not again
}

TEST_CASE("EXT_INFO: a client that did not ask gets none (RFC 8308 §2.1)") {
  RawPeer peer(Role::client, server_config());
  peer.identify();
  peer.send_kexinit(changed_kexinit(peer.make_kexinit(), [](transport::KexInit& m) {
    m.kex_algorithms = wire::NameList("curve25519-sha256,kex-strict-c-v00@openssh.com");
  }));
  REQUIRE(peer.agree());
  REQUIRE(peer.run_method());
  peer.send_newkeys();
  CHECK(peer.receive()[0] == 21);
  CHECK(peer.receive().empty());
}

TEST_CASE("EXT_INFO: a client takes server-sig-algs, and a later message replaces the first (RFC 8308 §2.4)") {
  RawPeer peer(Role::server, client_config());
  REQUIRE(peer.connect());
  peer.send(
      ext_info(3, extensions({{"odd@example.com", "\x01"}, {"server-sig-algs", "a,b"}, {"no-flow-control", "p"}})));
  CHECK(peer.error() == Errc::ok);
  CHECK(peer.subject.peer_signature_algorithms() == std::vector<std::string>{"a", "b"});
  peer.send(ext_info(1, extensions({{"server-sig-algs", "c"}})));
  peer.send_message(transport::Ignore{});
  peer.send(userauth_success);
  CHECK(peer.error() == Errc::ok);
  CHECK(peer.subject.peer_signature_algorithms() == std::vector<std::string>{"c"});
  CHECK(peer.packets.size() == 1);
}

TEST_CASE(
    "EXT_INFO: unknown extensions are ignored, whatever they hold and wherever they stand, up to the largest packet "
    "(RFC 8308 §2.5)") {
  ByteVector every_byte(256);
  for (std::size_t i = 0; i != every_byte.size(); ++i) every_byte[i] = static_cast<std::uint8_t>(i);
  const std::string_view odd = as_text(every_byte);
  const std::string_view known = "server-sig-algs", hostbound = "publickey-hostbound@openssh.com";
  for (const ByteVector& content :
       {extensions({{known, "a"}, {hostbound, "0"}, {"odd", odd}, {"", ""}}),
        extensions({{"odd", odd}, {"", ""}, {hostbound, "0"}, {known, "a"}}),
        extensions({{"server-sig-alg", odd}, {hostbound, "0"}, {odd, odd}, {known, "a"}})}) {
    RawPeer peer(Role::server, client_config());
    REQUIRE(peer.connect());
    peer.send(ext_info(4, content));
    CHECK(peer.error() == Errc::ok);
    CHECK(peer.subject.peer_signature_algorithms() == std::vector<std::string>{"a"});
    CHECK(peer.subject.peer_takes_hostbound_publickey());
  }
  for (const Role role : {Role::client, Role::server}) {
    RawPeer peer(role, role == Role::client ? server_config() : client_config());
    REQUIRE(peer.connect());
    // Number, count, two lengths, padding and what the smallest packet needs: the rest may be one value.
    const ByteVector zeros(limits::packet_length - 64);
    peer.send(ext_info(1, extensions({{"odd", as_text(zeros)}})));
    CHECK(peer.error() == Errc::ok);
  }
}

TEST_CASE("EXT_INFO: of a list without end a session keeps the first names, as client and as server") {
  std::string list = "first";
  while (list.size() < limits::packet_length - 100) list += ",a";
  for (const Role role : {Role::client, Role::server}) {
    RawPeer peer(role, role == Role::client ? server_config() : client_config());
    REQUIRE(peer.connect());
    peer.send(ext_info(1, extensions({{"server-sig-algs", list}})));
    CHECK(peer.error() == Errc::ok);
    CHECK(peer.subject.peer_signature_algorithms().size() == limits::server_sig_algs);
    CHECK(peer.subject.peer_signature_algorithms()[0] == "first");
  }
}

TEST_CASE("EXT_INFO: no client waits for it, or supposes anything without it (RFC 8308 §2.4, §3.1)") {
  RawPeer peer(Role::server, client_config());
  REQUIRE(peer.connect());
  CHECK(peer.subject.writable());
  send_payload(peer.subject, test_payload(94, 10));
  CHECK(peer.receive_until(94) == test_payload(94, 10));
  peer.send(userauth_success);
  CHECK(peer.error() == Errc::ok);
  CHECK(peer.packets.size() == 1);
  CHECK(peer.subject.peer_signature_algorithms().empty());
}

TEST_CASE(
    "EXT_INFO: a client learns whether the server takes host-bound keys, in the version it knows (OpenSSH PROTOCOL "
    "§3.1)") {
  RawPeer silent(Role::server, client_config());
  REQUIRE(silent.connect());
  silent.send(ext_info(0, {}));
  CHECK_FALSE(silent.subject.peer_takes_hostbound_publickey());
  for (const bool known : {true, false}) {
    RawPeer peer(Role::server, client_config());
    REQUIRE(peer.connect());
    peer.send(ext_info(1, extensions({{"publickey-hostbound@openssh.com", known ? "0" : "1"}})));
    CHECK(peer.error() == Errc::ok);
    CHECK(peer.subject.peer_takes_hostbound_publickey() == known);
  }
}

TEST_CASE("transport: both sides know the host key of the first exchange, and keep it through a rekey") {
  Loopback link;
  CHECK(link.client.transport.host_key().empty());
  REQUIRE(link.connect());
  const Bytes expected = host_key(crypto::KeyType::ed25519)->public_key().blob();
  for (int i = 0; i != 2; ++i) {
    CHECK(equal(link.client.transport.host_key(), expected));
    CHECK(equal(link.server.transport.host_key(), expected));
    link.client.transport.rekey();
    link.pump();
  }
  CHECK(link.client.key_exchanges.size() == 3);
}

TEST_CASE("[CVE-2023-46445] EXT_INFO: elsewhere it must be followed by USERAUTH_SUCCESS, and only once") {
  const ByteVector empty = ext_info(0, {});
  struct Row {
    const char* what;
    std::vector<ByteVector> packets;
    Errc error;
  };
  for (const Row& row :
       {Row{"first, then before success", {empty, test_payload(94, 1), empty, userauth_success}, Errc::ok},
        Row{"not before success", {test_payload(94, 1), empty, userauth_failure}, Errc::unexpected_message},
        Row{"twice before success", {test_payload(94, 1), empty, empty}, Errc::unexpected_message},
        Row{"three in a row", {empty, empty, empty}, Errc::unexpected_message},
        Row{"again after success", {test_payload(94, 1), empty, userauth_success, empty}, Errc::unexpected_message}}) {
    CAPTURE(row.what);
    RawPeer peer(Role::server, client_config());
    REQUIRE(peer.connect());
    for (const ByteVector& packet : row.packets) peer.send(packet);
    CHECK(peer.error() == row.error);
  }
}

TEST_CASE("EXT_INFO: a server takes one as the first packet after NEWKEYS and no other (RFC 8308 §2.4)") {
  RawPeer first(Role::client, server_config());
  REQUIRE(first.connect());
  first.send(ext_info(0, {}));
  CHECK(first.error() == Errc::ok);
  first.send(ext_info(0, {}));
  CHECK(first.error() == Errc::unexpected_message);

  RawPeer late(Role::client, server_config());
  REQUIRE(late.connect());
  late.send(test_payload(94, 1));
  late.send(ext_info(0, {}));
  CHECK(late.error() == Errc::unexpected_message);

  RawPeer after_rekey(Role::client, server_config());
  REQUIRE(after_rekey.connect());
  REQUIRE(after_rekey.exchange_keys());
  after_rekey.send(ext_info(0, {}));
  CHECK(after_rekey.error() == Errc::unexpected_message);
}

TEST_CASE("[CVE-2026-55199] EXT_INFO: a count that cannot be true is refused before it is counted to") {
  const ByteVector one = extensions({{"a", "b"}});
  struct Row {
    std::uint32_t count;
    Bytes content;
    Errc error;
  };
  const ByteVector bad_list = extensions({{"server-sig-algs", "a,,b"}});
  for (const Row& row :
       {Row{1, {}, Errc::bad_value}, Row{2, one, Errc::bad_value}, Row{UINT32_MAX, one, Errc::bad_value},
        Row{0, one, Errc::trailing_bytes}, Row{1, Bytes(one).first(9), Errc::truncated},
        Row{1, bad_list, Errc::bad_value}, Row{1, one, Errc::ok}}) {
    CAPTURE(row.count);
    RawPeer peer(Role::server, client_config());
    REQUIRE(peer.connect());
    peer.send(ext_info(row.count, row.content));
    CHECK(peer.error() == row.error);
  }
}
