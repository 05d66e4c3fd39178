// The interop matrix: each algorithm of our tables with the peers that are installed, in both roles. See matrix.h.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <sstream>

#include "../dropbear.h"
#include "../missing.h"
#include "../own_home.h"
#include "../peers.h"
#include "hawser/wire/types.h"
#include "programs.h"

using namespace hawser;
using namespace hawser::test;

namespace {

const MatrixKeys& keys() {
  static const MatrixKeys all;
  return all;
}

// The names that `ssh -Q` has for this, with a comma between them.
std::string openssh_names(const std::string& query) {
  const Finished finished = run_command({{"ssh", "-Q", query}, {}, {}, {}});
  REQUIRE(finished.exit_code == 0);
  std::istringstream lines(finished.output);
  std::vector<std::string> names;
  for (std::string name; lines >> name;) names.push_back(name);
  return wire::join(names);
}

// Each as an option of ssh and sshd alike.
std::vector<std::string> every_openssh_algorithm(const std::string& separator) {
  return {"KexAlgorithms" + separator + openssh_names("kex"), "Ciphers" + separator + openssh_names("cipher"),
          "MACs" + separator + openssh_names("mac"),
          "HostKeyAlgorithms" + separator + openssh_names("HostKeyAlgorithms"),
          "PubkeyAcceptedAlgorithms" + separator + openssh_names("PubkeyAcceptedAlgorithms")};
}

// The same key as dropbear has it.
std::string dropbear_file(const std::string& file) {
  const std::string converted = keys().folder() + "/dropbear_" + std::filesystem::path(file).filename().string();
  const Finished finished = run_command({{"dropbearconvert", "openssh", "dropbear", file, converted}, {}, {}, {}});
  INFO(finished.output);
  REQUIRE(finished.exit_code == 0);
  return converted;
}

PeerProgram python(const std::string& name, const std::string& module) {
  return {.name = name,
          .command = {"/usr/bin/python3", MATRIX_PEERS "/" + module + "_peer.py"},
          .probe = {"/usr/bin/python3", "-W", "ignore", "-c", "import " + module}};
}

std::vector<PeerProgram> peer_programs() {
  std::vector<PeerProgram> all{python("paramiko", "paramiko"),
                               python("AsyncSSH", "asyncssh"),
                               {.name = "ssh2 (npm)",
                                .command = {"node", MATRIX_PEERS "/ssh2_peer.js"},
                                .probe = {"node", "-e", "require('ssh2')"},
                                .of_debian = false}};
#ifdef LIBSSH_PEER
  all.push_back({.name = "libssh",
                 .command = {LIBSSH_PEER},
                 .wants_lists = true,
                 .servers = {"host_ecdsa_256", "host_ecdsa_384", "host_ecdsa_521"}});
#else
  goes_without("libssh");
#endif
#ifdef LIBSSH2_PEER
  all.push_back({.name = "libssh2", .command = {LIBSSH2_PEER}, .servers = {}});
#else
  goes_without("libssh2");
#endif
  return all;
}

}  // namespace

TEST_CASE("interop matrix: OpenSSH sshd") {
  // A bash that sshd starts reads the user's .bashrc, which may take long, unless it seems to be within another shell.
  std::string config = "SetEnv SHLVL=2\n";
  for (const std::string& line : every_openssh_algorithm(" ")) config += line + "\n";
  for (const crypto::KeyType type : MatrixKeys::types) config += "HostKey " + keys().host_file(type) + "\n";
  const Sshd sshd(config);
  write_file(sshd.client_key() + ".pub", keys().authorized_keys());
  check_their_server({"OpenSSH", current_user(), {sshd.port()}}, keys());
}

TEST_CASE("interop matrix: OpenSSH ssh") {
  std::vector<std::string> ssh{"ssh", "-F", "/dev/null"};
  for (const char* option : {"BatchMode=yes", "IdentitiesOnly=yes", "StrictHostKeyChecking=no", "LogLevel=ERROR",
                             "UserKnownHostsFile=/dev/null"}) {
    ssh.insert(ssh.end(), {"-o", option});
  }
  for (const std::string& option : every_openssh_algorithm("=")) ssh.insert(ssh.end(), {"-o", option});
  const auto command = [&ssh](const Login& login) {
    std::vector<std::string> all = ssh;
    all.insert(all.end(),
               {"-i", keys().user_file(login.key), "-p", std::to_string(login.port), "alice@127.0.0.1", "cat"});
    return Command{all, {}, {}, {}};
  };
  check_their_client("OpenSSH", one_by_one(command), keys());
}

TEST_CASE("interop matrix: dropbear") {
  if (!have_programs({Dropbear::program, "dropbearconvert"})) return;
  if (!can_have_own_home()) {
    MESSAGE("skipped: dropbear cannot have another home here");
    return;
  }
  // One has room for four host keys. Without an RSA key it offers rsa-sha2-256 all the same, and dies of it.
  std::vector<std::string> host_keys;
  for (const crypto::KeyType type : MatrixKeys::types) host_keys.push_back(dropbear_file(keys().host_file(type)));
  const Dropbear first(keys().authorized_keys(), {host_keys.begin() + 1, host_keys.end()});
  const Dropbear second(keys().authorized_keys(), {host_keys.front()});
  INFO(first.log() << second.log());
  check_their_server({"dropbear", current_user(), {first.port(), second.port()}}, keys());
}

TEST_CASE("interop matrix: dbclient") {
  if (!have_programs({"dbclient", "dropbearconvert"})) return;
  const auto command = [](const Login& login) {
    const std::string key = dropbear_file(keys().user_file(login.key)), port = std::to_string(login.port);
    return Command{
        {"dbclient", "-y", "-y", "-i", key, "-p", port, "alice@127.0.0.1", "cat"}, {{"HOME", keys().folder()}}, {}, {}};
  };
  check_their_client("dropbear", one_by_one(command), keys());
}

TEST_CASE("interop matrix: PuTTY plink") {
  if (!have_programs({"plink", "puttygen"})) return;
  // In batch mode it refuses what stands behind WARN, which by default are the older ones.
  const std::string sessions = keys().folder() + "/.putty/sessions";
  std::filesystem::create_directories(sessions);
  write_file(sessions + "/matrix",
             "Protocol=ssh\nCipher=aesgcm,aes,chacha20,3des,blowfish,des,arcfour,WARN\n"
             "KEX=mlkem-curve25519,mlkem-nist,ntru-curve25519,ecdh,dh-gex-sha1,dh-group18-sha512,dh-group17-sha512,"
             "dh-group16-sha512,dh-group15-sha512,dh-group14-sha1,rsa,dh-group1-sha1,WARN\n"
             "HostKey=ed448,ed25519,ecdsa,rsa,dsa,WARN\n");
  std::vector<std::string> plink{"plink", "-load", "matrix", "-ssh", "-batch", "-noagent"};
  for (const auto& key : keys().host_keys()) plink.insert(plink.end(), {"-hostkey", key->public_key().fingerprint()});
  const auto command = [&plink](const Login& login) {
    const std::string from = keys().user_file(login.key), key = from + ".ppk";
    REQUIRE(run_command({{"puttygen", from, "-O", "private", "-o", key}, {}, {}, {}}).exit_code == 0);
    std::vector<std::string> all = plink;
    all.insert(all.end(), {"-i", key, "-P", std::to_string(login.port), "alice@127.0.0.1", "cat"});
    return Command{all, {{"HOME", keys().folder()}}, {}, {}};
  };
  check_their_client("PuTTY", one_by_one(command), keys());
}

TEST_CASE("interop matrix: TinySSH") {
  if (!std::filesystem::exists("/usr/sbin/tinysshd")) {
    MESSAGE("skipped: there is no tinysshd");  // its package would start a server: ./bootstrap leaves it out
    return;
  }
  if (!can_have_own_home()) {
    MESSAGE("skipped: tinysshd cannot have another home here");
    return;
  }
  const TemporaryDirectory folder;
  std::filesystem::create_directories(folder / "home/.ssh");
  write_file(folder / "home/.ssh/authorized_keys", keys().authorized_keys());
  REQUIRE(run_command({{"tinysshd-makekey", "-q", folder / "keys"}, {}, {}, {}}).exit_code == 0);
  const Running server = start_listening(
      in_own_home(folder / "home", {"/usr/bin/python3", MATRIX_PEERS "/inetd.py", "tinysshd", "-v", folder / "keys"}),
      folder / "log");
  check_their_server({"TinySSH", current_user(), {server.port}}, keys());
}

TEST_CASE("interop matrix: servers made with the libraries of others") {
  for (const PeerProgram& peer : peer_programs()) {
    if (peer.servers.empty() || !peer.installed()) continue;
    const TemporaryDirectory folder;
    std::vector<Running> running;
    TheirServer theirs{peer.name, "alice", {}};
    for (const std::string& last_argument : peer.servers) {
      std::vector<std::string> command = peer.arguments("server", keys());
      if (!last_argument.empty()) command.push_back(last_argument);
      running.push_back(start_listening(command, folder / ("log" + last_argument)));
      theirs.ports.push_back(running.back().port);
    }
    INFO(running.front().program->output());
    check_their_server(theirs, keys());
  }
}

TEST_CASE("interop matrix: clients made with the libraries of others") {
  for (const PeerProgram& peer : peer_programs()) {
    if (peer.installed()) check_their_client(peer.name, all_at_once(peer, keys()), keys());
  }
}
