// Our client with OpenSSH's ssh-agent and sshd: logins with the agent's keys, programs, host scans.
#include "hawser/client/agent.h"

#include <doctest/doctest.h>

#include "hawser/client/host_scan.h"
#include "peers.h"
#include "ssh_agent.h"
#include "support/run_awaitable.h"

using namespace hawser;
using namespace hawser::client;
using namespace hawser::test;

namespace {

struct Rig {
  // A server that lets in whoever has this key.
  explicit Rig(const std::string& accepted) { write_file(sshd.client_key() + ".pub", read_file(accepted + ".pub")); }
  ConnectResult connect(std::vector<Credential> credentials) {
    ClientOptions options;
    options.host = "127.0.0.1";
    options.port = static_cast<std::uint16_t>(sshd.port());
    options.user = current_user();
    options.credentials = std::move(credentials);
    options.host_keys = std::make_shared<KnownHostsVerifier>(KnownHosts::parse(read_file(sshd.known_hosts())));
    return run(io, Client::connect(std::move(options)));
  }

  Sshd sshd;
  asio::io_context io;
};

}  // namespace

TEST_CASE("ssh-agent: lists its keys and signs a login with each type") {
  SshAgent agent;
  for (const char* type : {"ed25519", "ecdsa", "rsa"}) {
    CAPTURE(type);
    const std::string key = agent.key_of(type);
    agent.add(key);
    Rig rig(key);
    const ConnectResult client = rig.connect({AgentKeys{.socket = agent.socket(), .only = {}}});
    REQUIRE_MESSAGE(client, (client ? std::string() : client.error().message()));
    (*client)->disconnect();
  }
}

TEST_CASE("ssh-agent: none but the named keys are used, and one that has none is passed over") {
  SshAgent agent;
  const std::string accepted = agent.key_of("ed25519");
  agent.add(accepted);
  Rig rig(accepted);
  const auto other = crypto::PrivateKey::generate(crypto::KeyType::ed25519, *crypto::system_random());
  REQUIRE(other);
  const ConnectResult refused = rig.connect({AgentKeys{.socket = agent.socket(), .only = {other->public_key()}}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().stage == ConnectFailure::Stage::authentication);

  agent.forget_all();
  const auto key = crypto::load_private_key(accepted);
  REQUIRE(key);
  const ConnectResult by_file =
      rig.connect({AgentKeys{.socket = agent.socket(), .only = {}}, Key(std::make_shared<crypto::PrivateKey>(*key))});
  CHECK(by_file);
}

TEST_CASE("sshd: programs with input, output, errors, exit status and signal") {
  const TemporaryDirectory folder;
  const std::string path = folder / "key";
  make_key(path, "ed25519");
  Rig rig(path);
  const auto key = crypto::load_private_key(path);
  REQUIRE(key);
  const ConnectResult client = rig.connect({Key(std::make_shared<crypto::PrivateKey>(*key))});
  REQUIRE_MESSAGE(client, (client ? std::string() : client.error().message()));

  const std::string sample = sample_bytes(5'000'000);
  const auto counted = run(rig.io, (*client)->run("cat; echo problem >&2; exit 9", to_vector(as_bytes(sample))));
  REQUIRE(counted);
  CHECK(as_text(counted->output) == sample);
  CHECK(as_text(counted->errors) == "problem\n");
  CHECK(counted->end.status == 9u);

  const auto killed = run(rig.io, (*client)->run("kill -TERM $$"));
  REQUIRE(killed);
  REQUIRE(killed->end.signal);
  CHECK(killed->end.signal->name == "TERM");

  ProcessOptions options;
  options.terminal = channel::Terminal{"vt100", {132, 43, 0, 0}, {}};
  const auto on_terminal = run(rig.io, (*client)->exec("stty size; echo $TERM", std::move(options)));
  REQUIRE(on_terminal);
  const auto said = run(rig.io, communicate(*on_terminal, {}, 1000));
  REQUIRE(said);
  CHECK(as_text(said->output) == "43 132\r\nvt100\r\n");
  (*client)->disconnect();
}

TEST_CASE("sshd: its host keys and algorithms are told before anyone signs in") {
  const TemporaryDirectory folder;
  make_key(folder / "key", "ed25519");
  Rig rig(folder / "key");
  HostScanOptions options;
  options.port = static_cast<std::uint16_t>(rig.sshd.port());
  const auto keys = run(rig.io, scan_host_keys("127.0.0.1", options));
  REQUIRE(keys);
  CHECK(keys->size() == 3);
  const KnownHosts known = KnownHosts::parse(read_file(rig.sshd.known_hosts()));
  for (const crypto::PublicKey& key : *keys) {
    CHECK(known.match("127.0.0.1", options.port, key) == HostKeyMatch::known);
  }
  const auto algorithms = run(rig.io, scan_host_algorithms("127.0.0.1", options));
  REQUIRE(algorithms);
  CHECK(algorithms->identification.starts_with("SSH-2.0-OpenSSH_"));
  CHECK(std::ranges::count(algorithms->kex, "curve25519-sha256") == 1);
}
