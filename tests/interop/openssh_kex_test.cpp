// Each key exchange method that OpenSSH and we have, in both roles, with rekeys; OpenSSH's moduli file.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <sstream>

#include "hawser/crypto/algorithms.h"
#include "missing.h"
#include "ssh_peer.h"

using namespace hawser;
using namespace hawser::test;

namespace {

// Those of our rows that OpenSSH has too.
std::vector<std::string> common_methods() {
  std::istringstream names(run_command({{"ssh", "-Q", "kex"}, {}, {}, {}}).output);
  std::set<std::string> theirs;
  for (std::string name; names >> name;) theirs.insert(name);
  std::vector<std::string> common;
  for (const crypto::KexRow& row : crypto::kex_rows()) {
    if (theirs.contains(std::string(row.name))) common.emplace_back(row.name);
  }
  REQUIRE(common.size() >= 11);
  return common;
}

// Three megabytes there and back, with new keys after each.
void check_ssh(const SshPeer& server, const std::string& method) {
  const std::string content = sample_bytes(3'000'000);
  const std::vector<std::string> options{"-o", "KexAlgorithms=" + method, "-o", "RekeyLimit=1M", "-c", "aes128-ctr"};
  const Finished finished = run_command({server.ssh(options, {"cat"}), {}, content, {}});
  CHECK(finished.exit_code == 0);
  CHECK((finished.output == content));
}

}  // namespace

TEST_CASE("OpenSSH ssh: each key exchange method, with rekeys") {
  transport::TransportConfig config;
  config.algorithms.kex = common_methods();
  const SshPeer server({}, config);
  for (const std::string& method : common_methods()) {
    CAPTURE(method);
    check_ssh(server, method);
  }
}

TEST_CASE("OpenSSH sshd: each key exchange method, with rekeys, and the groups of its moduli file") {
  const Sshd sshd("KexAlgorithms " + wire::join(common_methods()) + "\nRekeyLimit 1M\n");
  const std::string content = sample_bytes(3'000'000);
  write_file(sshd.folder() + "/file", content);
  for (const std::string& method : common_methods()) {
    CAPTURE(method);
    const std::string url =
        "sftp://" + current_user() + "@127.0.0.1:" + std::to_string(sshd.port()) + sshd.folder() + "/file";
    const Finished finished =
        run_command({{hawser_program(), "get", "--identity", sshd.client_key(), "--known-hosts", sshd.known_hosts(),
                      "--kex", method, "--ciphers", "aes128-ctr", "--rekey-bytes", "1M", url, "copy"},
                     {},
                     {},
                     sshd.folder()},
                    std::chrono::seconds(600));
    INFO(finished.output);
    REQUIRE(finished.exit_code == 0);
    CHECK((read_file(sshd.folder() + "/copy") == content));
    std::filesystem::remove(sshd.folder() + "/copy");
  }
}

TEST_CASE("OpenSSH ssh: groups of the moduli file that comes with it") {
  const std::string path = "/etc/ssh/moduli";
  if (!std::filesystem::exists(path)) return goes_without(path);
  const auto moduli = server::moduli_from_file(path);
  REQUIRE(moduli);
  CHECK((*moduli)->warnings().empty());
  CHECK((*moduli)->size() > crypto::Moduli::built_in().size() + 50);
  transport::TransportConfig config;
  config.moduli = *moduli;
  const SshPeer server({}, config);
  for (int i = 0; i != 3; ++i) check_ssh(server, "diffie-hellman-group-exchange-sha256");
}
