// What our own KEXINIT says (RFC 4253 §7.1).
#include <doctest/doctest.h>

#include <algorithm>

#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;
using hawser::transport::KexInit;

namespace {

// The first KEXINIT of a subject in the role that is not the peer's, as it came; `decode` gives views into it.
ByteVector first_kexinit(RawPeer& peer) { return peer.receive_until(KexInit::number); }

KexInit decode(Bytes payload) {
  const Result<KexInit> message = wire::decode<KexInit>(payload);
  REQUIRE(message);
  return *message;
}

transport::TransportConfig config_of_subject(Role peer) {
  return peer == Role::client ? server_config() : client_config();
}

constexpr wire::NameList KexInit::*lists_of_both_directions[][2] = {
    {&KexInit::encryption_algorithms_client_to_server, &KexInit::encryption_algorithms_server_to_client},
    {&KexInit::mac_algorithms_client_to_server, &KexInit::mac_algorithms_server_to_client},
    {&KexInit::compression_algorithms_client_to_server, &KexInit::compression_algorithms_server_to_client}};

std::vector<std::string> without_markers(wire::NameList list) {
  std::vector<std::string> names = list.names();
  std::erase_if(
      names, [](const std::string& name) { return name.starts_with("ext-info-") || name.starts_with("kex-strict-"); });
  return names;
}

}  // namespace

TEST_CASE("KEXINIT: a new random cookie each time, no language, no guess, nothing reserved (RFC 4253 §7.1)") {
  for (const Role role : {Role::client, Role::server}) {
    RawPeer peer(role, config_of_subject(role));
    std::vector<std::array<std::uint8_t, 16>> cookies;
    const auto check = [&](Bytes payload) {
      const KexInit message = decode(payload);
      CHECK(message.languages_client_to_server.empty());
      CHECK(message.languages_server_to_client.empty());
      CHECK_FALSE(message.first_kex_packet_follows);
      CHECK(message.reserved == 0);
      CHECK(std::ranges::find(cookies, message.cookie) == cookies.end());
      cookies.push_back(message.cookie);
    };
    check(first_kexinit(peer));
    REQUIRE(peer.connect());
    for (int rekey = 0; rekey != 3; ++rekey) {
      peer.subject.rekey();
      check(peer.receive_until(KexInit::number));
      REQUIRE(peer.exchange_keys());
    }
  }
  // And drawn from the generator: another one gives other bytes, the same one the same.
  const transport::TransportConfig config = client_config();
  const auto cookie_of = [&](std::uint64_t seed) {
    FixedRandom random(seed);
    return decode(transport::make_kexinit(Role::client, config, true, random)).cookie;
  };
  CHECK(cookie_of(1) == cookie_of(1));
  CHECK(cookie_of(1) != cookie_of(2));
}

TEST_CASE("KEXINIT: lists what the policy allows, in its order, for both directions alike (RFC 4253 §7.1)") {
  transport::TransportConfig config = client_config();
  crypto::AlgorithmPolicy& policy = config.algorithms;
  policy.kex = {"ecdh-sha2-nistp521", "curve25519-sha256"};
  policy.host_key = {"rsa-sha2-256", "ssh-ed25519", "ecdsa-sha2-nistp384"};
  policy.cipher = {"aes256-ctr", "aes128-gcm@openssh.com", "aes128-ctr"};
  policy.mac = {"hmac-sha2-512", "hmac-sha2-256-etm@openssh.com"};
  policy.compression = {"zlib@openssh.com", "none"};
  RawPeer peer(Role::server, config);
  const ByteVector payload = first_kexinit(peer);
  const KexInit message = decode(payload);
  CHECK(without_markers(message.kex_algorithms) == policy.kex);
  CHECK(message.server_host_key_algorithms.names() == policy.host_key);
  const std::vector<std::string>* allowed[] = {&policy.cipher, &policy.mac, &policy.compression};
  for (std::size_t i = 0; i != std::size(allowed); ++i) {
    for (const auto list : lists_of_both_directions[i]) CHECK((message.*list).names() == *allowed[i]);
  }
  // What is preferred is no announcement.
  CHECK(message.kex_algorithms.names().front() == "ecdh-sha2-nistp521");
}

TEST_CASE("KEXINIT: no list is empty, also where no cipher needs a MAC (RFC 4253 §7.1)") {
  for (const Role role : {Role::client, Role::server}) {
    transport::TransportConfig config = config_of_subject(role);
    config.algorithms.cipher = {"aes128-gcm@openssh.com", "chacha20-poly1305@openssh.com"};
    config.algorithms.mac.clear();
    RawPeer peer(role, config);
    const ByteVector payload = first_kexinit(peer);
    const KexInit message = decode(payload);
    CHECK_FALSE(message.kex_algorithms.empty());
    CHECK_FALSE(message.server_host_key_algorithms.empty());
    for (const auto& directions : lists_of_both_directions) {
      for (const auto list : directions) CHECK_FALSE((message.*list).empty());
    }
    REQUIRE(peer.connect());
    CHECK(peer.subject.negotiated().mac_client_to_server.empty());
  }
}

TEST_CASE("KEXINIT: a server whose host keys fit no allowed algorithm says nothing at all (RFC 4253 §7.1)") {
  transport::TransportConfig config = server_config(crypto::KeyType::ed25519);
  config.algorithms.host_key = {"rsa-sha2-512"};
  RawPeer peer(Role::client, config);
  CHECK(peer.subject.transmit().empty());
  peer.drain();
  CHECK(peer.error() == Errc::invalid_argument);
  CHECK(std::string(peer.last_error().where()) == "host_keys: none that is allowed");
}

TEST_CASE("KEXINIT: the indicators of one role, in the first one only (RFC 8308 §2.1, OpenSSH PROTOCOL §1.10)") {
  using Names = std::vector<std::string>;
  for (const Role role : {Role::client, Role::server}) {
    RawPeer peer(role, config_of_subject(role));
    const auto markers = [](Bytes payload) {
      Names names = decode(payload).kex_algorithms.names();
      const Names methods = without_markers(decode(payload).kex_algorithms);
      std::erase_if(names, [&](const std::string& name) { return std::ranges::find(methods, name) != methods.end(); });
      return names;
    };
    const Names of_subject = role == Role::server ? Names{"ext-info-c", "kex-strict-c-v00@openssh.com"}
                                                  : Names{"kex-strict-s-v00@openssh.com"};
    CHECK(markers(first_kexinit(peer)) == of_subject);
    REQUIRE(peer.connect());
    peer.subject.rekey();
    CHECK(markers(peer.receive_until(KexInit::number)).empty());
  }
}
