// ssh-audit, which knows the weak algorithms, looks at a server with its default policy.
#include <doctest/doctest.h>

#include <sstream>

#include "missing.h"
#include "ssh_peer.h"

using namespace hawser;
using namespace hawser::test;

namespace {

// What it says of markers that are no algorithms (its version 2.5 is older than strict key exchange), and of key
// exchanges for which this Botan has nothing better.
bool is_beside_the_point(const std::string& line) {
  const bool no_ml_kem = crypto::find_kex("mlkem768x25519-sha256") == nullptr;
  return line.find("kex-strict-s-v00@openssh.com") != std::string::npos ||
         (no_ml_kem && line.find("post-quantum") != std::string::npos);
}

// Its lines of level `warn` and above, each with the algorithm it is about.
std::vector<std::string> complaints(int port) {
  const Finished finished =
      run_command({{"ssh-audit", "--no-colors", "--batch", "-p", std::to_string(port), "127.0.0.1"}, {}, {}, {}});
  REQUIRE(finished.output.find("(kex) curve25519-sha256 ") != std::string::npos);
  std::vector<std::string> found;
  std::istringstream lines(finished.output);
  for (std::string line; std::getline(lines, line);) {
    const bool bad = line.find("[warn]") != std::string::npos || line.find("[fail]") != std::string::npos;
    if (bad && !is_beside_the_point(line)) found.push_back(line);
  }
  return found;
}

}  // namespace

TEST_CASE("ssh-audit: a server with the default policy gets no failure and no warning, whatever the host key") {
  if (!program_exists("/usr/bin/ssh-audit")) {
    goes_without("ssh-audit");
    return;
  }
  const transport::TransportConfig config = server::SSHServerOptions().session.transport;
  const std::unique_ptr<crypto::Random> random = crypto::system_random();
  const auto rsa = std::make_shared<crypto::PrivateKey>(*crypto::PrivateKey::generate(crypto::KeyType::rsa, *random));
  const SshPeer server({rsa}, config);
  CHECK(complaints(server.port()) == std::vector<std::string>());
}

TEST_CASE("ssh-audit: hawser serve as it comes gets no failure and no warning") {
  if (!program_exists("/usr/bin/ssh-audit")) {
    goes_without("ssh-audit");
    return;
  }
  const HawserServer server;
  CHECK(complaints(server.port()) == std::vector<std::string>());
}

TEST_CASE("ssh-audit: what the modern policy has besides is complained of") {
  if (!program_exists("/usr/bin/ssh-audit")) {
    goes_without("ssh-audit");
    return;
  }
  const SshPeer server({}, {});
  CHECK_FALSE(complaints(server.port()).empty());
}
