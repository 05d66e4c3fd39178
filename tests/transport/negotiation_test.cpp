#include "transport/negotiation.h"

#include <doctest/doctest.h>

#include "support/loopback.h"
#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;
using hawser::transport::Algorithms;
using hawser::transport::KexInit;

namespace {

// The lists of one side, by value; KexInit only views them.
struct Lists {
  std::string kex = "curve25519-sha256";
  std::string host_key = "ssh-ed25519";
  std::string cipher = "aes128-ctr";
  std::string mac = "hmac-sha2-256";
  std::string compression = "none";

  KexInit message() const {
    KexInit m;
    m.kex_algorithms = wire::NameList(kex);
    m.server_host_key_algorithms = wire::NameList(host_key);
    m.encryption_algorithms_client_to_server = m.encryption_algorithms_server_to_client = wire::NameList(cipher);
    m.mac_algorithms_client_to_server = m.mac_algorithms_server_to_client = wire::NameList(mac);
    m.compression_algorithms_client_to_server = m.compression_algorithms_server_to_client = wire::NameList(compression);
    return m;
  }
};

Result<Algorithms> negotiate(const Lists& client, const Lists& server, std::string* detail = nullptr,
                             Role own_role = Role::client) {
  std::string text;
  Result<Algorithms> result = transport::negotiate(client.message(), server.message(), own_role, text);
  if (detail != nullptr) *detail = text;
  return result;
}

}  // namespace

TEST_CASE("negotiation: the first of the client's names that the server has (RFC 4253 §7.1)") {
  Lists client, server;
  client.kex = "ecdh-sha2-nistp256,curve25519-sha256";
  server.kex = "curve25519-sha256,ecdh-sha2-nistp256";
  client.cipher = "unknown@example.com,aes256-ctr,aes128-ctr";
  server.cipher = "unknown@example.com,aes128-ctr,aes256-ctr";
  const Result<Algorithms> result = negotiate(client, server);
  REQUIRE(result);
  CHECK(result->kex->name == "ecdh-sha2-nistp256");
  CHECK(result->client_to_server.cipher->name == "aes256-ctr");
}

TEST_CASE("negotiation: each category that has nothing in common has its own error") {
  struct Row {
    std::string Lists::*list;
    Errc error;
  };
  for (const Row& row : {Row{&Lists::kex, Errc::no_common_kex}, Row{&Lists::host_key, Errc::no_common_host_key},
                         Row{&Lists::cipher, Errc::no_common_cipher}, Row{&Lists::mac, Errc::no_common_mac},
                         Row{&Lists::compression, Errc::no_common_compression}}) {
    for (const char* other_list : {"", "x@example.com"}) {
      Lists server;
      server.*row.list = other_list;
      const Result<Algorithms> result = negotiate({}, server);
      REQUIRE_FALSE(result);
      CHECK(result.error().code() == row.error);
    }
  }
}

TEST_CASE("negotiation: a failure names the category, both lists and the nearest fix") {
  Lists client, server;
  server.cipher = "aes256-ctr,odd@example.com";
  std::string detail;
  CHECK_FALSE(negotiate(client, server, &detail));
  CHECK(detail ==
        "no common cipher algorithm client to server: this side offers [aes128-ctr], the peer offers "
        "[aes256-ctr,odd@example.com]; allow \"aes256-ctr\" on this side");
  server.cipher = "odd@example.com";
  CHECK_FALSE(negotiate(client, server, &detail));
  CHECK(detail.ends_with("enable \"aes128-ctr\" on the peer"));
  CHECK_FALSE(negotiate(server, client, &detail, Role::server));
  CHECK(detail.find("this side offers [aes128-ctr]") != std::string::npos);
}

TEST_CASE("negotiation: an announcement that both sides make is never chosen (RFC 8308 §2.2)") {
  for (const char* announcement : {"ext-info-c", "ext-info-s", "kex-strict-c-v00@openssh.com"}) {
    Lists client, server;
    client.kex = server.kex = announcement;
    const Result<Algorithms> result = negotiate(client, server);
    REQUIRE_FALSE(result);
    CHECK(result.error().code() == Errc::no_common_kex);
  }
}

TEST_CASE("[GHSA-p8qx] negotiation: over random lists a cipher without a tag always has a MAC, one with a tag never") {
  FixedRandom random(77);
  const std::vector<std::string> macs{"none", "hmac-sha2-256", "hmac-sha2-512-etm@openssh.com", "hmac-md5", ""};
  const std::vector<std::string> ciphers{"none", "aes128-ctr", "aes256-gcm@openssh.com",
                                         "chacha20-poly1305@openssh.com", "arcfour"};
  const auto random_list = [&](const std::vector<std::string>& names) {
    std::vector<std::string> chosen;
    for (std::size_t n = random.below(4); n != 0; --n) {
      const std::string& name = names[random.below(names.size())];
      if (!name.empty()) chosen.push_back(name);
    }
    return wire::join(chosen);
  };
  int agreed = 0;
  for (int round = 0; round != 20'000; ++round) {
    Lists client, server;
    client.cipher = random_list(ciphers);
    server.cipher = random_list(ciphers);
    client.mac = random_list(macs);
    server.mac = random_list(macs);
    const Result<Algorithms> result = negotiate(client, server);
    if (!result) continue;
    ++agreed;
    for (const auto* direction : {&result->client_to_server, &result->server_to_client}) {
      REQUIRE(direction->cipher != nullptr);
      REQUIRE((direction->cipher->tag_size == 0) == (direction->mac != nullptr));
      REQUIRE(direction->cipher->name != "none");
    }
  }
  CHECK(agreed > 500);
}

TEST_CASE("negotiation: a guess is right when the first method and the first host key algorithm agree (RFC 4253 §7)") {
  Lists one, other_kex, other_host_key;
  other_kex.kex = "ecdh-sha2-nistp256,curve25519-sha256";
  other_host_key.host_key = "rsa-sha2-512,ssh-ed25519";
  CHECK(transport::guess_is_right(one.message(), one.message()));
  CHECK_FALSE(transport::guess_is_right(one.message(), other_kex.message()));
  CHECK_FALSE(transport::guess_is_right(one.message(), other_host_key.message()));
}

TEST_CASE("negotiation: a failed one ends both sides, with the reason on either (RFC 4253 §7.1)") {
  transport::TransportConfig client = client_config();
  client.algorithms.cipher = {"aes128-ctr"};
  transport::TransportConfig server = server_config();
  server.algorithms.cipher = {"aes256-ctr"};
  Loopback link(client, server);
  CHECK_FALSE(link.connect());
  REQUIRE(link.client.error);
  CHECK(link.client.error->code() == Errc::no_common_cipher);
  CHECK(link.client.transport.failure_detail().find("allow \"aes256-ctr\"") != std::string::npos);
  REQUIRE(link.server.error);
  CHECK(link.server.error->code() == Errc::no_common_cipher);
}

TEST_CASE("negotiation: a server without a fitting host key offers none") {
  transport::TransportConfig client = client_config();
  client.algorithms.host_key = {"rsa-sha2-512"};
  Loopback link(client, server_config(crypto::KeyType::ed25519));
  CHECK_FALSE(link.connect());
  REQUIRE(link.client.error);
  CHECK(link.client.error->code() == Errc::no_common_host_key);
}

TEST_CASE("negotiation: each direction has a cipher and a MAC of its own (RFC 4253 §6.3, §6.4, §7.1)") {
  struct Suite {
    const char* cipher;
    const char* mac;  // null: the cipher has a tag of its own
  };
  constexpr Suite suites[] = {{"aes128-ctr", "hmac-sha2-512"},
                              {"aes256-ctr", "hmac-sha2-256-etm@openssh.com"},
                              {"aes256-gcm@openssh.com", nullptr},
                              {"chacha20-poly1305@openssh.com", nullptr}};
  const auto name_of = [](const char* mac) { return std::string(mac == nullptr ? "" : mac); };
  const auto list_of = [](const char* mac) { return wire::NameList(mac == nullptr ? "hmac-sha2-256" : mac); };
  for (const Role role : {Role::client, Role::server}) {
    for (const Suite& up : suites) {
      for (const Suite& down : suites) {
        CAPTURE(up.cipher);
        CAPTURE(down.cipher);
        RawPeer peer(role, role == Role::client ? server_config() : client_config());
        peer.identify();
        peer.send_kexinit(changed_kexinit(peer.make_kexinit(), [&](KexInit& m) {
          m.encryption_algorithms_client_to_server = wire::NameList(up.cipher);
          m.encryption_algorithms_server_to_client = wire::NameList(down.cipher);
          m.mac_algorithms_client_to_server = list_of(up.mac);
          m.mac_algorithms_server_to_client = list_of(down.mac);
        }));
        REQUIRE(peer.agree());
        REQUIRE(peer.run_method());
        peer.send_newkeys();
        const transport::Negotiated& chosen = peer.subject.negotiated();
        CHECK(chosen.cipher_client_to_server == up.cipher);
        CHECK(chosen.cipher_server_to_client == down.cipher);
        CHECK(chosen.mac_client_to_server == name_of(up.mac));
        CHECK(chosen.mac_server_to_client == name_of(down.mac));
        peer.send_message(transport::Ping{as_bytes("both ways")});
        CHECK(peer.receive_until(193) == wire::encode(transport::Pong{as_bytes("both ways")}));
      }
    }
  }
}
