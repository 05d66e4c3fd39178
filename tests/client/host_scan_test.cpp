#include "hawser/client/host_scan.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "client/client_fixture.h"

using namespace hawser;
using namespace hawser::client;
using hawser::test::ClientRig;
using hawser::test::run;

namespace {

server::SSHServerOptions with_keys() {
  server::SSHServerOptions options = test::test_options();
  options.host_keys = {ClientRig::key(test::ed25519_key()), ClientRig::key(test::ecdsa_key()),
                       ClientRig::key(test::rsa_key())};
  options.session.transport.algorithms = crypto::AlgorithmPolicy::modern();  // it allows ECDSA
  return options;
}

HostScanOptions options_for(const ClientRig& rig) {
  HostScanOptions options;
  options.port = rig.manager->port();
  return options;
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool has(const std::vector<crypto::PublicKey>& keys, const crypto::PrivateKey& key) {
  return std::ranges::find(keys, key.public_key()) != keys.end();
}

}  // namespace

TEST_CASE("host scan: every host key that the server proves to own, without signing in") {
  ClientRig rig(with_keys());
  const auto keys = run(rig.io, scan_host_keys("127.0.0.1", options_for(rig)));
  REQUIRE(keys);
  CHECK(keys->size() == 3);
  CHECK(has(*keys, test::ed25519_key()));
  CHECK(has(*keys, test::ecdsa_key()));
  CHECK(has(*keys, test::rsa_key()));
  for (const std::string& call : rig.server->calls()) CHECK_FALSE(call.starts_with("none"));
}

TEST_CASE("host scan: only keys of the types that were asked for") {
  ClientRig rig(with_keys());
  HostScanOptions options = options_for(rig);
  options.algorithms.host_key = {"rsa-sha2-256"};
  const auto keys = run(rig.io, scan_host_keys("127.0.0.1", options));
  REQUIRE(keys);
  CHECK(keys->size() == 1);
  CHECK(has(*keys, test::rsa_key()));
}

TEST_CASE("host scan: a server that has none of the types that were asked for has no keys to tell") {
  ClientRig rig;  // with an ed25519 key alone
  HostScanOptions options = options_for(rig);
  options.algorithms.host_key = {"rsa-sha2-256"};
  const auto keys = run(rig.io, scan_host_keys("127.0.0.1", options));
  REQUIRE(keys);
  CHECK(keys->empty());
}

TEST_CASE("host scan: the server's algorithms, also where none of ours is among them") {
  server::SSHServerOptions own = test::test_options();
  own.session.transport.algorithms.kex = {"curve25519-sha256"};
  ClientRig rig(own);
  HostScanOptions options = options_for(rig);
  options.algorithms.kex = {"diffie-hellman-group14-sha256"};
  const auto found = run(rig.io, scan_host_algorithms("127.0.0.1", options));
  REQUIRE(found);
  CHECK(found->identification.starts_with("SSH-2.0-Hawser"));
  CHECK(has(found->kex, "curve25519-sha256"));
  CHECK_FALSE(has(found->kex, "diffie-hellman-group14-sha256"));
  CHECK(found->host_key == std::vector<std::string>{"ssh-ed25519"});
  CHECK(has(found->cipher_client_to_server, "aes128-gcm@openssh.com"));
  CHECK(found->cipher_client_to_server == found->cipher_server_to_client);
  CHECK(has(found->mac_server_to_client, "hmac-sha2-256-etm@openssh.com"));
  CHECK(has(found->compression_server_to_client, "none"));
}

TEST_CASE("host scan: a host that is not there is a failure with its cause") {
  asio::io_context io;
  HostScanOptions options;
  options.port = 1;
  const auto keys = run(io, scan_host_keys("127.0.0.1", options));
  REQUIRE_FALSE(keys);
  CHECK(keys.error().stage == ConnectFailure::Stage::connect);
  const auto algorithms = run(io, scan_host_algorithms("127.0.0.1", options));
  REQUIRE_FALSE(algorithms);
  CHECK(algorithms.error().error.code() == Errc::connect_failed);
}
