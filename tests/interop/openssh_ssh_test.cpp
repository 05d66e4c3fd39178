// OpenSSH's `ssh` against a server of ours: programs, terminals, forwarding, jump hosts, host key rotation.
#include <doctest/doctest.h>

#include <filesystem>

#include "ssh_peer.h"
#include "support/tcp_peer.h"
#include "terminal_command.h"

using namespace hawser;
using namespace hawser::test;

namespace {

Finished run_ssh(const SshPeer& server, std::vector<std::string> options, std::vector<std::string> remote = {},
                 std::string input = {}) {
  return run_command({server.ssh(std::move(options), std::move(remote)), {}, std::move(input), {}});
}

std::shared_ptr<const crypto::Signer> second_host_key() {
  const std::unique_ptr<crypto::Random> random = crypto::system_random();
  return std::make_shared<crypto::PrivateKey>(*crypto::PrivateKey::generate(crypto::KeyType::rsa, *random, 2048));
}

}  // namespace

TEST_CASE("ssh host command: standard input, both outputs and the exit status") {
  const SshPeer server;
  const std::string content = sample_bytes(5'000'000);
  const Finished copied = run_ssh(server, {}, {"cat"}, content);
  CHECK(copied.exit_code == 0);
  CHECK((copied.output == content));

  const Finished both = run_ssh(server, {}, {"both"});
  CHECK(both.exit_code == 3);
  CHECK(both.output.find("to standard output\n") != std::string::npos);
  CHECK(both.output.find("to standard error\n") != std::string::npos);

  CHECK(run_ssh(server, {}, {"zeros 30000000"}).output.size() == 30'000'000);
  CHECK(run_ssh(server, {}, {"nonsense"}).exit_code == 127);
  CHECK(run_ssh(server, {}).exit_code != 0);  // a shell, which there is none of
}

TEST_CASE("ssh host command: a program that a signal ended") {
  const SshPeer server;
  const Finished killed = run_ssh(server, {"-v"}, {"killed"});
  INFO(killed.output);
  CHECK(killed.exit_code == 255);
  CHECK(killed.output.find("exit-signal") != std::string::npos);
}

TEST_CASE("ssh -o SetEnv: what the server accepts arrives, the rest does not") {
  const SshPeer server;
  const Finished told = run_ssh(server, {"-o", "SetEnv=HAWSER_ONE=1 OTHER=2 HAWSER_TWO=two"}, {"env"});
  CHECK(told.exit_code == 0);
  CHECK(told.output == "HAWSER_ONE=1\nHAWSER_TWO=two\n");
}

TEST_CASE("ssh -tt: terminal type, size, modes, and each change of the window") {
  const SshPeer server;
  TerminalCommand ssh({server.ssh({"-tt"}, {"terminal"}), {}, {}, {}}, 91, 33);
  INFO(ssh.output());
  REQUIRE(ssh.wait_for_output(" 91x33 interrupt 3\r\n"));
  ssh.resize(120, 50);
  REQUIRE(ssh.wait_for_output("now 120x50\r\n"));
  ssh.type("q");
  CHECK(ssh.wait() == 9);
}

TEST_CASE("ssh -W: standard input and output of a connection made by the server") {
  const HalfCloseServer target;
  const SshPeer server;
  const std::string content = sample_bytes(3'000'000);
  const Finished carried = run_ssh(server, {"-W", "127.0.0.1:" + std::to_string(target.port())}, {}, content);
  CHECK(carried.exit_code == 0);
  CHECK((carried.output == "got " + content));
  const Finished refused = run_ssh(server, {"-W", "127.0.0.1:" + std::to_string(free_port())}, {}, "x");
  CHECK(refused.exit_code != 0);
  CHECK(refused.output.find("connect failed") != std::string::npos);
}

TEST_CASE("ssh -L: to a port and to a Unix socket behind the server") {
  const TemporaryDirectory folder;
  const HalfCloseServer target;
  const HalfCloseServer unix_target(folder.path() + "/target");
  const SshPeer server;
  const int port = free_port();
  const int unix_port = free_port();
  Background ssh({server.ssh({"-N", "-L", std::to_string(port) + ":127.0.0.1:" + std::to_string(target.port()), "-L",
                              std::to_string(unix_port) + ":" + folder.path() + "/target"}),
                  {},
                  {},
                  {}},
                 folder.path() + "/log");
  const std::string content = sample_bytes(2'000'000);
  for (const int local : {port, unix_port}) {
    CAPTURE(local);
    INFO(ssh.output());
    REQUIRE(wait_for_port(local, ssh));
    TcpSocket client;
    REQUIRE(client.connect(static_cast<std::uint16_t>(local)));
    REQUIRE(client.send(content));
    client.end();
    CHECK((client.read_all() == "got " + content));
  }
}

TEST_CASE("ssh -R: a port of the server's choice, a given one, and a Unix socket, to a target behind the client") {
  const TemporaryDirectory folder;
  const HalfCloseServer target;
  const SshPeer server;
  const int given = free_port();
  const std::string behind = ":127.0.0.1:" + std::to_string(target.port());
  Background ssh({server.ssh({"-N", "-R", "0" + behind, "-R", std::to_string(given) + behind, "-R",
                              folder.path() + "/socket" + behind}),
                  {},
                  {},
                  {}},
                 folder.path() + "/log");
  const std::string mark = "Allocated port ";
  INFO(ssh.output());
  REQUIRE(ssh.wait_for_output(" for remote forward"));
  const std::string text = ssh.output();
  const int chosen = std::atoi(text.c_str() + text.find(mark) + mark.size());
  const std::string content = sample_bytes(2'000'000);
  const auto talk = [&](TcpSocket& client) {
    REQUIRE(client.send(content));
    client.end();
    const std::string answer = client.read_all();
    CHECK(answer.size() == content.size() + 4);
    CHECK((answer == "got " + content));
  };
  for (const int port : {chosen, given}) {
    CAPTURE(port);
    REQUIRE(wait_for_port(port, ssh));
    TcpSocket client;
    REQUIRE(client.connect(static_cast<std::uint16_t>(port)));
    talk(client);
  }
  TcpSocket client;
  REQUIRE(client.connect(folder.path() + "/socket"));
  talk(client);
  // With the connection all of it goes.
  ssh.terminate();
  CHECK(wait_until([&] { return !std::filesystem::exists(folder.path() + "/socket"); }));
  CHECK_FALSE(TcpSocket().connect(static_cast<std::uint16_t>(chosen)));
}

TEST_CASE("[public-forwarding] ssh -R: an address that other hosts could reach is refused by default") {
  const SshPeer server;
  const Finished refused = run_ssh(server, {"-N", "-R", "0.0.0.0:0:127.0.0.1:1"});
  CHECK(refused.exit_code == 255);
  CHECK(refused.output.find("remote port forwarding failed") != std::string::npos);
}

TEST_CASE("ssh -J: through one server of ours to another") {
  const SshPeer jump;
  const SshPeer target;
  const std::string config = jump.folder() + "/config";
  const auto host = [](const std::string& name, const SshPeer& peer) {
    return "Host " + name + "\n  HostName 127.0.0.1\n  Port " + std::to_string(peer.port()) +
           "\n  User alice\n  IdentityFile " + peer.client_key() + "\n  UserKnownHostsFile " + peer.known_hosts() +
           "\n";
  };
  write_file(config, host("jump", jump) + host("target", target) +
                         "Host *\n  IdentitiesOnly yes\n  BatchMode yes\n  StrictHostKeyChecking yes\n");
  const std::string content = sample_bytes(3'000'000);
  const Finished copied = run_command({{"ssh", "-F", config, "-J", "jump", "target", "cat"}, {}, content, {}});
  CHECK(copied.exit_code == 0);
  CHECK((copied.output == content));
}

TEST_CASE("ssh -o UpdateHostKeys=yes: the server's second key is proved and remembered") {
  const auto second = second_host_key();
  const SshPeer server({second});
  const Finished finished = run_ssh(server, {"-v", "-o", "UpdateHostKeys=yes"}, {"zeros 1"});
  INFO(finished.output);
  CHECK(finished.exit_code == 0);
  std::string text = second->public_key().text();
  while (text.ends_with(' ')) text.pop_back();
  CHECK(read_file(server.known_hosts()).find(text) != std::string::npos);
}

TEST_CASE("examples/command_server: a command server in 30 lines serves ssh") {
  const TemporaryDirectory folder;
  const std::string at = folder.path();
  make_key(at + "/client", "ed25519");
  Background server({{COMMAND_SERVER_PROGRAM, at + "/client.pub", "0"}, {}, {}, {}}, at + "/log");
  const std::string mark = "listening on port ";
  REQUIRE(server.wait_for_output(mark));
  const std::string text = server.output();
  const std::string port = std::to_string(std::atoi(text.c_str() + text.find(mark) + mark.size()));
  const auto ssh = [&](const std::string& command, const std::string& input) {
    return run_command({{"ssh", "-F", "/dev/null", "-p", port, "-i", at + "/client", "-o", "IdentitiesOnly=yes", "-o",
                         "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
                         "anyone@127.0.0.1", command},
                        {},
                        input,
                        {}});
  };
  const Finished upper = ssh("upper", "hello over ssh\n");
  CHECK(upper.exit_code == 0);
  CHECK(upper.output == "HELLO OVER SSH\n");
  CHECK(ssh("other", "").exit_code == 255);
}
