// `hawser keygen` and `keyscan` beside ssh-keygen and ssh-keyscan, and the keys that the client commands sign in with.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "checks.h"
#include "client_commands.h"
#include "ssh_agent.h"
#include "terminal_command.h"

using namespace hawser::test;
namespace fs = std::filesystem;

namespace {

std::string must(std::vector<std::string> arguments) {
  const Finished finished = run_command({std::move(arguments), {}, {}, {}});
  INFO(finished.output);
  REQUIRE(finished.exit_code == 0);
  return finished.output;
}

std::vector<std::string> sorted_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with('#')) lines.push_back(line);
  }
  std::ranges::sort(lines);
  return lines;
}

// A server for the current user, whose home is elsewhere, without keys.
struct AwayFromHome {
  Sshd sshd;
  Target target{sshd};
  TemporaryDirectory home;
  std::map<std::string, std::string> environment{{"HOME", home.path()}, {"SSH_AUTH_SOCK", ""}};
  std::vector<std::string> list{hawser_program(), "ls", "--known-hosts", sshd.known_hosts(), target.url()};

  AwayFromHome() { write_file(target.there_locally + "/a file", ""); }
  Command command() const { return {list, environment, {}, {}}; }
  Finished run() const { return run_command(command()); }
  // The server's key for us, with this passphrase from now on.
  void lock_key() const { must({"ssh-keygen", "-q", "-p", "-P", "", "-N", "open", "-f", sshd.client_key()}); }
};

}  // namespace

TEST_CASE("hawser keygen: ssh-keygen reads what it makes, and both say the same") {
  const TemporaryDirectory folder;
  for (const char* type : {"ed25519", "ecdsa", "rsa"}) {
    CAPTURE(type);
    const std::string key = folder / type;
    const Finished made = run_hawser({"keygen", "-t", type, "-C", "me at home", "--no-passphrase", key});
    INFO(made.output);
    REQUIRE(made.exit_code == 0);
    CHECK(mode_of(key) == 0600);
    const std::string public_key = read_file(key + ".pub");
    CHECK(must({"ssh-keygen", "-y", "-f", key}) == public_key);
    CHECK(run_hawser({"keygen", "-y", key}).output == public_key);
    // ssh-keygen has another name for the type.
    const std::string shown = must({"ssh-keygen", "-l", "-f", key});
    for (const std::string& file : {key, key + ".pub"}) {
      const std::string ours = run_hawser({"keygen", "-l", file}).output;
      CHECK(ours == made.output);
      CHECK(ours.substr(0, ours.find('(')) == shown.substr(0, shown.find('(')));
    }
  }
}

TEST_CASE("hawser keygen: nothing is written over, and nothing is made without a decision about the passphrase") {
  const TemporaryDirectory folder;
  const std::string key = folder / "key";
  const Finished undecided = run_hawser({"keygen", key});
  CHECK(undecided.exit_code == 2);
  CHECK(undecided.output.find("--no-passphrase") != std::string::npos);
  CHECK(run_hawser({"keygen", "--no-passphrase", "-C", "two\nlines", key}).exit_code == 2);
  CHECK(run_hawser({"keygen", "--no-passphrase", "-t", "rsa", "-b", "1024", key}).exit_code == 2);
  CHECK(fs::is_empty(folder.path()));
  for (const char* existing : {"key", "key.pub"}) {
    CAPTURE(existing);
    write_file(folder / existing, "precious");
    CHECK(run_hawser({"keygen", "--no-passphrase", key}).exit_code == 1);
    CHECK(read_file(folder / existing) == "precious");
    fs::remove(folder / existing);
    CHECK(fs::is_empty(folder.path()));
  }
  CHECK(run_hawser({"keygen", "--no-passphrase", folder / "missing/key"}).exit_code == 1);
  write_file(folder / "text", "no key");
  for (const std::string& odd : {folder / "text", folder.path(), folder / "missing", std::string("/dev/zero")}) {
    CAPTURE(odd);
    CHECK(run_hawser({"keygen", "-l", odd}).exit_code == 1);
  }
}

TEST_CASE("hawser keygen at a terminal: the passphrase is asked for twice, and the key is encrypted with it") {
  const TemporaryDirectory folder;
  const std::string key = folder / "key";
  const Command keygen{{hawser_program(), "keygen", key}, {}, {}, {}};
  TerminalCommand differing(keygen, 80, 24);
  REQUIRE(differing.wait_for_output("Passphrase"));
  differing.type("open\n");
  REQUIRE(differing.wait_for_output("again"));
  differing.type("opne\n");
  CHECK(differing.wait() == 1);
  CHECK(fs::is_empty(folder.path()));

  TerminalCommand left(keygen, 80, 24);
  REQUIRE(left.wait_for_output("Passphrase"));
  left.type("\x03");
  CHECK(left.wait() == 130);
  CHECK(fs::is_empty(folder.path()));

  TerminalCommand command(keygen, 80, 24);
  REQUIRE(command.wait_for_output("Passphrase"));
  command.type("open\n");
  REQUIRE(command.wait_for_output("again"));
  command.type("open\n");
  REQUIRE(command.wait() == 0);
  CHECK(command.output().find("open") == std::string::npos);
  CHECK(run_command({{"ssh-keygen", "-y", "-P", "shut", "-f", key}, {}, {}, {}}).exit_code != 0);
  CHECK(must({"ssh-keygen", "-y", "-P", "open", "-f", key}) == read_file(key + ".pub"));

  TerminalCommand shown({{hawser_program(), "keygen", "-y", key}, {}, {}, {}}, 80, 24);
  REQUIRE(shown.wait_for_output("Passphrase"));
  shown.type("open\n");
  CHECK(shown.wait() == 0);
  CHECK(shown.output().find("ssh-ed25519 ") != std::string::npos);
}

TEST_CASE("hawser: the usual key of ~/.ssh, and an agent's, sign in without being named") {
  AwayFromHome away;
  const Finished without = away.run();
  CHECK(without.exit_code == 5);
  CHECK(without.output.find("--identity") != std::string::npos);

  SshAgent agent;
  agent.add(away.sshd.client_key());
  away.environment["SSH_AUTH_SOCK"] = agent.socket();
  const Finished by_agent = away.run();
  INFO(by_agent.output);
  CHECK(by_agent.exit_code == 0);
  CHECK(by_agent.output.find("a file") != std::string::npos);
  away.environment["SSH_AUTH_SOCK"] = "";

  fs::create_directory(away.home / ".ssh");
  fs::copy(away.sshd.client_key(), away.home / ".ssh/id_ed25519");
  CHECK(away.run().exit_code == 0);
}

TEST_CASE("hawser: named keys take the place of the agent's") {
  AwayFromHome away;
  SshAgent agent;
  agent.add(away.sshd.client_key());
  away.environment["SSH_AUTH_SOCK"] = agent.socket();
  make_key(away.home / "other", "ed25519");
  away.list.insert(away.list.begin() + 2, {"--identity", away.home / "other"});
  CHECK(away.run().exit_code == 5);
}

TEST_CASE("hawser at a terminal: the passphrase of a key is asked for until it is right") {
  AwayFromHome away;
  away.lock_key();
  away.list.insert(away.list.begin() + 2, {"--identity", away.sshd.client_key()});
  TerminalCommand command(away.command(), 100, 30);
  REQUIRE(command.wait_for_output("Passphrase for " + away.sshd.client_key()));
  command.type("shut\n");
  REQUIRE(command.wait_for_output("That is not it. Passphrase for " + away.sshd.client_key()));
  command.type("open\n");
  CHECK(command.wait() == 0);
  CHECK(command.output().find("a file") != std::string::npos);
  CHECK(command.output().find("open") == std::string::npos);
}

TEST_CASE("hawser without a terminal: a key with a passphrase is refused where it is named, else passed over") {
  AwayFromHome away;
  away.lock_key();
  fs::create_directory(away.home / ".ssh");
  fs::copy(away.sshd.client_key(), away.home / ".ssh/id_ed25519");
  const Finished passed_over = away.run();
  CHECK(passed_over.exit_code == 5);
  CHECK(passed_over.output.find("id_ed25519 is passed over: ") != std::string::npos);
  away.list.insert(away.list.begin() + 2, {"--identity", away.sshd.client_key()});
  const Finished named = away.run();
  CHECK(named.exit_code == 2);
  CHECK(named.output.find("passphrase") != std::string::npos);
}

TEST_CASE("hawser keyscan: the same keys as ssh-keyscan, which ssh-keygen finds under hashed names, too") {
  const Sshd sshd;
  const std::string port = std::to_string(sshd.port());
  const Finished scanned = run_hawser({"keyscan", "-p", port, "127.0.0.1"});
  REQUIRE(scanned.exit_code == 0);
  const std::string theirs = must({"ssh-keyscan", "-p", port, "127.0.0.1"});
  CHECK(sorted_lines(scanned.output) == sorted_lines(theirs));
  CHECK(scanned.output.find("[127.0.0.1]:" + port + " ssh-ed25519 ") != std::string::npos);

  const TemporaryDirectory folder;
  write_file(folder / "hosts", run_hawser({"keyscan", "-H", "-p", port, "127.0.0.1"}).output);
  CHECK(read_file(folder / "hosts").starts_with("|1|"));
  must({"ssh-keygen", "-F", "[127.0.0.1]:" + port, "-f", folder / "hosts"});

  std::istringstream objects(run_hawser({"keyscan", "--json", "-p", port, "127.0.0.1"}).output);
  std::vector<std::string> keys;
  for (std::string line; std::getline(objects, line);) {
    const auto object = nlohmann::json::parse(line);
    CHECK(object["host"] == "127.0.0.1");
    CHECK(object["port"] == sshd.port());
    CHECK(object["fingerprint"].get<std::string>().starts_with("SHA256:"));
    CHECK(object["key"].get<std::string>().starts_with(object["type"].get<std::string>() + " "));
    keys.push_back("[127.0.0.1]:" + port + " " + object["key"].get<std::string>());
  }
  std::ranges::sort(keys);
  CHECK(keys == sorted_lines(theirs));
}

TEST_CASE("hawser keyscan: what a server offers, as text and as JSON; one that is not there does not keep the others") {
  const Sshd sshd;
  const std::string port = std::to_string(sshd.port());
  const Finished text = run_hawser({"keyscan", "--algorithms", "-p", port, "127.0.0.1"});
  CHECK(text.exit_code == 0);
  for (const char* part : {"SSH-2.0-OpenSSH", "curve25519-sha256\n", "aes128-gcm@openssh.com\n", "ssh-ed25519\n"}) {
    CAPTURE(part);
    CHECK(text.output.find(part) != std::string::npos);
  }
  const auto object =
      nlohmann::json::parse(run_hawser({"keyscan", "--algorithms", "--json", "-p", port, "127.0.0.1"}).output);
  CHECK(object["identification"].get<std::string>().starts_with("SSH-2.0-OpenSSH"));
  CHECK(std::ranges::count(object["kex"], "curve25519-sha256") == 1);

  // sshd listens on 127.0.0.1 alone.
  const Finished partly = run_hawser({"keyscan", "-p", port, "127.0.0.2", "127.0.0.1"});
  CHECK(partly.exit_code == 3);
  CHECK(partly.output.find("127.0.0.2: ") != std::string::npos);
  CHECK(partly.output.find("[127.0.0.1]:" + port + " ssh-ed25519 ") != std::string::npos);
}
