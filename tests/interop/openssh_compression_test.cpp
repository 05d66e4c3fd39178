// zlib@openssh.com with OpenSSH, in both roles, with rekeys: the stream begins anew with each.
#include <doctest/doctest.h>

#include <filesystem>

#include "ssh_peer.h"

using namespace hawser;
using namespace hawser::test;

namespace {

// Half of it compresses well, half of it hardly.
std::string mixed_bytes() {
  std::string content = sample_bytes(2'000'000);
  for (int line = 0; content.size() < 4'000'000; ++line) content += "line " + std::to_string(line) + " of a log\n";
  return content;
}

}  // namespace

TEST_CASE("OpenSSH ssh -C: data in both directions") {
  const SshPeer server;
  const std::string content = mixed_bytes();
  const std::vector<std::string> options{"-C", "-o", "RekeyLimit=500K"};
  const Finished finished = run_command({server.ssh(options, {"cat"}), {}, content, {}});
  CHECK(finished.exit_code == 0);
  CHECK((finished.output == content));
  const Finished talk = run_command({server.ssh({"-C", "-v"}, {"both"}), {}, {}, {}});
  CHECK(talk.output.find("compression: zlib@openssh.com") != std::string::npos);
  CHECK(talk.output.find("Enabling compression") != std::string::npos);
}

TEST_CASE("OpenSSH sshd: hawser -C puts and gets files, with rekeys by either side") {
  const Sshd sshd("RekeyLimit 700K\nLogLevel DEBUG1\n");
  const std::string content = mixed_bytes();
  write_file(sshd.folder() + "/file", content);
  const std::string url = "sftp://" + current_user() + "@127.0.0.1:" + std::to_string(sshd.port()) + sshd.folder();
  const auto hawser_run = [&](std::string command, const std::string& from, const std::string& to) {
    const Finished finished = run_command({{hawser_program(), std::move(command), "-C", "--identity", sshd.client_key(),
                                            "--known-hosts", sshd.known_hosts(), "--rekey-bytes", "500K", from, to},
                                           {},
                                           {},
                                           sshd.folder()});
    INFO(finished.output);
    REQUIRE(finished.exit_code == 0);
  };
  hawser_run("put", "file", url + "/there");
  hawser_run("get", url + "/there", "back");
  CHECK((read_file(sshd.folder() + "/there") == content));
  CHECK((read_file(sshd.folder() + "/back") == content));
  CHECK(sshd.log().find("compression: zlib@openssh.com") != std::string::npos);
}
