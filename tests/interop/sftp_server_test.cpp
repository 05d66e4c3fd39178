// `sftp -D`: OpenSSH's client on the standard input and output of `hawser sftp-server`, no SSH beneath.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "peers.h"

using namespace hawser::test;
namespace fs = std::filesystem;

namespace {

Finished sftp_over_pipes(const std::string& folder, const std::string& batch,
                         const std::string& server_arguments = "") {
  return run_command(
      {{"sftp", "-b", "-", "-D", hawser_program() + " sftp-server -e " + server_arguments}, {}, batch, folder},
      std::chrono::seconds(600));
}

}  // namespace

TEST_CASE("hawser sftp-server: the drop-in serves what OpenSSH's sftp asks") {
  const TemporaryDirectory folder;
  const std::string at = folder.path();
  fs::create_directory(at + "/remote");
  const std::string content = sample_bytes(large_size());
  write_file(at + "/large", content);
  for (int i = 0; i < 100; ++i) {
    fs::create_directories(at + "/tree/d" + std::to_string(i % 7));
    write_file(at + "/tree/d" + std::to_string(i % 7) + "/" + std::to_string(i),
               sample_bytes(1000, static_cast<unsigned>(i)));
  }
  const Finished finished = sftp_over_pipes(
      at,
      "cd remote\nput large\nget large copy\nput -r tree\nmkdir d\nrename large d/x\nln -s x d/link\nchmod 600 d/x\n"
      "ls -l d\ndf\nget -r tree back\nmkdir e\nrmdir e\nrm d/link\n");
  INFO(finished.output);
  REQUIRE(finished.exit_code == 0);
  CHECK((read_file(at + "/copy") == content));
  CHECK((read_file(at + "/remote/d/x") == content));
  CHECK(read_file(at + "/back/d3/3") == read_file(at + "/tree/d3/3"));
  CHECK_FALSE(fs::exists(at + "/remote/d/link"));
}

TEST_CASE("hawser sftp-server: -R refuses changes, -d sets the start directory, -u the mask, -P a request") {
  const TemporaryDirectory folder;
  const std::string at = folder.path();
  fs::create_directory(at + "/start");
  write_file(at + "/start/file", "content");
  write_file(at + "/local", "local", 0666);

  const Finished read_only = sftp_over_pipes(at, "-put local start/x\n-rm start/file\nget start/file got\n", "-R");
  INFO(read_only.output);
  CHECK(read_only.exit_code == 0);
  CHECK_FALSE(fs::exists(at + "/start/x"));
  CHECK(read_file(at + "/got") == "content");

  const Finished started = sftp_over_pipes(at, "pwd\nput local masked\n", "-d " + at + "/start -u 077");
  INFO(started.output);
  CHECK(started.output.find(at + "/start") != std::string::npos);
  struct stat status {};
  REQUIRE(::stat((at + "/start/masked").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);

  const Finished denied = sftp_over_pipes(at, "-rm start/file\npwd\n", "-P remove");
  CHECK(denied.exit_code == 0);
  CHECK(fs::exists(at + "/start/file"));
}

TEST_CASE("hawser sftp-server: -Q requests lists the requests, an unknown feature is an error") {
  const Finished listed = run_command({{hawser_program(), "sftp-server", "-Q", "requests"}, {}, {}, {}});
  CHECK(listed.exit_code == 0);
  CHECK(listed.output.find("posix-rename\n") != std::string::npos);
  CHECK(listed.output.find("readlink\n") != std::string::npos);
  CHECK(run_command({{hawser_program(), "sftp-server", "-Q", "nonsense"}, {}, {}, {}}).exit_code == 2);
}

TEST_CASE("hawser sftp-server: under a real sshd") {
  const Sshd sshd("Subsystem hawser-sftp " + hawser_program() + " sftp-server\n");
  write_file(sshd.folder() + "/file", "through sshd");
  const Finished finished = run_command({{"sftp", "-b", "-", "-F", "/dev/null", "-P", std::to_string(sshd.port()), "-s",
                                          "hawser-sftp", "-i", sshd.client_key(), "-o", "IdentitiesOnly=yes", "-o",
                                          "UserKnownHostsFile=" + sshd.known_hosts(), current_user() + "@127.0.0.1"},
                                         {},
                                         "get " + sshd.folder() + "/file got\n",
                                         sshd.folder()});
  INFO(finished.output);
  CHECK(finished.exit_code == 0);
  CHECK(read_file(sshd.folder() + "/got") == "through sshd");
}
