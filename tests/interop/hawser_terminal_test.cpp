// The `hawser` client at a terminal: questions, progress, and what a person interrupts.
#include <doctest/doctest.h>

#include <filesystem>

#include "client_commands.h"
#include "stalling_relay.h"
#include "terminal_command.h"

using namespace hawser::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* question = "yes, no, or the fingerprint you expect";

// A server that the known hosts file knows nothing about.
struct Stranger {
  Sshd sshd;
  Target target{sshd};

  Stranger() {
    target.known_hosts = target.here + "/hosts";
    write_file(target.known_hosts, "");
  }
  TerminalCommand list() const { return TerminalCommand({target.command("ls", {target.url()}), {}, {}, {}}, 100, 30); }
};

// What was drawn after each return of the carriage, up to the erasing of the rest of the line.
std::vector<std::string> drawn_lines(const std::string& output) {
  std::vector<std::string> lines;
  for (std::size_t at = output.find('\r'); at != output.npos; at = output.find('\r', at + 1)) {
    const std::size_t end = output.find("\x1b[K", at);
    if (end == output.npos) break;
    const std::string line = output.substr(at + 1, end - at - 1);
    if (line.find_first_of("\r\n") == line.npos) lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("hawser at a terminal: yes to an unknown host key connects and remembers it") {
  const Stranger stranger;
  TerminalCommand command = stranger.list();
  REQUIRE(command.wait_for_output(question));
  CHECK(command.output().find(" SHA256:") != std::string::npos);
  CHECK(command.output().find("ssh-ed25519") != std::string::npos);
  command.type("perhaps\n");
  REQUIRE(command.wait_for_output("Please answer yes, no, or with the fingerprint"));
  command.type("yes\n");
  CHECK(command.wait() == 0);
  CHECK(read_file(stranger.target.known_hosts).find("[127.0.0.1]:" + std::to_string(stranger.target.port)) == 0);

  TerminalCommand again = stranger.list();
  CHECK(again.wait() == 0);
  CHECK(again.output().find(question) == std::string::npos);
}

TEST_CASE("hawser at a terminal: no, and a wrong fingerprint, refuse an unknown host key") {
  const Stranger stranger;
  TerminalCommand command = stranger.list();
  REQUIRE(command.wait_for_output(question));
  command.type("SHA256:0000000000000000000000000000000000000000000\n");
  REQUIRE(command.wait_for_output("That is not the fingerprint of this key"));
  command.type("no\n");
  CHECK(command.wait() == 4);
  CHECK(read_file(stranger.target.known_hosts).empty());
}

TEST_CASE("hawser at a terminal: the right fingerprint accepts an unknown host key") {
  const Stranger stranger;
  TerminalCommand command = stranger.list();
  REQUIRE(command.wait_for_output(question));
  const std::string& output = command.output();
  const std::string fingerprint = output.substr(output.find("SHA256:"), 50);
  command.type(fingerprint + "\n");
  CHECK(command.wait() == 0);
  CHECK_FALSE(read_file(stranger.target.known_hosts).empty());
}

TEST_CASE("hawser at a terminal: a changed host key is refused without a question, with file and line") {
  const Stranger stranger;
  make_key(stranger.target.here + "/other", "ed25519");
  const std::string name = "[127.0.0.1]:" + std::to_string(stranger.target.port);
  write_file(stranger.target.known_hosts,
             "# a comment\n" + name + " " + read_file(stranger.target.here + "/other.pub"));
  TerminalCommand command = stranger.list();
  CHECK(command.wait() == 4);
  CHECK(command.output().find(question) == std::string::npos);
  CHECK(command.output().find(stranger.target.known_hosts + ":2") != std::string::npos);
  CHECK(command.output().find("ssh-keygen -R") != std::string::npos);
}

TEST_CASE("hawser without a terminal: an unknown host key is refused, and the fingerprint told") {
  const Stranger stranger;
  const Finished refused = stranger.target.run("ls", {stranger.target.url()});
  CHECK(refused.exit_code == 4);
  CHECK(refused.output.find(" SHA256:") != std::string::npos);
  CHECK(refused.output.find(question) == std::string::npos);
  CHECK(read_file(stranger.target.known_hosts).empty());
}

TEST_CASE("hawser at a terminal: a password is asked for and does not show") {
  const HawserServer server;
  const Target target(server);
  write_file(target.there_locally + "/file", "");
  TerminalCommand command({{"env", "-u", "HAWSER_PASSWORD", "HOME=" + target.here, hawser_program(), "ls",
                            "--known-hosts", target.known_hosts, target.url()},
                           {},
                           {},
                           {}},
                          80, 24);
  REQUIRE(command.wait_for_output("assword"));
  command.type("correct horse\n");
  CHECK(command.wait() == 0);
  CHECK(command.output().find("file") != std::string::npos);
  CHECK(command.output().find("correct horse") == std::string::npos);
}

TEST_CASE("hawser at a terminal: Ctrl-C at a question ends the program, without another question") {
  const Stranger stranger;
  TerminalCommand command = stranger.list();
  REQUIRE(command.wait_for_output(question));
  command.type("\x03");
  CHECK(command.wait() == 130);
  CHECK(read_file(stranger.target.known_hosts).empty());
}

TEST_CASE("hawser at a terminal: the progress line fits the window, follows its size, and is gone after Ctrl-C") {
  const Sshd sshd;
  Target target(sshd);
  write_file(target.there + "/large", sample_bytes(24'000'000));
  const StallingRelay relay(target.port, 9'000'000);
  target.port = relay.port();
  target.known_hosts = target.here + "/hosts";
  write_file(target.known_hosts,
             "[127.0.0.1]:" + std::to_string(relay.port()) + " " + read_file(sshd.folder() + "/host_ed25519.pub"));
  TerminalCommand get({target.command("get", {target.url("large"), target.here + "/large"}), {}, {}, {}}, 40, 24);
  REQUIRE(get.wait_for_output("%"));
  for (const std::string& line : drawn_lines(get.output())) CHECK(line.size() < 40);
  get.resize(120, 24);
  REQUIRE(get.wait_for_output("[#"));  // room for the bar
  for (const std::string& line : drawn_lines(get.output())) CHECK(line.size() < 120);
  get.type("\x03");
  CHECK(get.wait() == 130);
  const std::string& output = get.output();
  const std::size_t last = output.rfind("\x1b[K");
  CHECK(output.substr(0, last).ends_with('\r'));  // wiped
  CHECK(output.find("interrupted after 0 of 1 files; the same command with -a goes on", last) != output.npos);
  CHECK(fs::exists(target.here + "/large"));
}
