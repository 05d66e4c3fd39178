// OpenSSH's sftp, killed with a file half written: `hawser serve` keeps nothing of it.
#include <doctest/doctest.h>

#include <filesystem>

#include "peers.h"

using namespace hawser::test;
namespace fs = std::filesystem;

namespace {

// What the server has open, as /proc shows it.
std::vector<std::string> open_files(pid_t pid) {
  std::vector<std::string> all;
  std::error_code error;
  for (auto entry = fs::directory_iterator("/proc/" + std::to_string(pid) + "/fd", error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const fs::path target = fs::read_symlink(entry->path(), error);
    if (!error) all.push_back(target.string());
    error.clear();
  }
  return all;
}

bool is_open(pid_t pid, const std::string& path) {
  for (const std::string& file : open_files(pid)) {
    if (file == path) return true;
  }
  return false;
}

// Uploads `local` slowly, in the background. The destructor is kill -9 of sftp and its ssh.
class SlowUpload {
 public:
  SlowUpload(const HawserServer& server, const std::string& local, const std::string& remote) {
    const std::string batch = server.folder() + "/batch-" + remote;
    write_file(batch, "put " + local + " " + remote + "\n");
    const Command command{{"sftp", "-b", batch, "-l", "4000", "-F", "/dev/null", "-P", std::to_string(server.port()),
                           "-o", "UserKnownHostsFile=" + server.known_hosts(), "-o", "IdentitiesOnly=yes", "-i",
                           server.client_key(), "alice@127.0.0.1"},
                          {},
                          {},
                          {}};
    client_ = std::make_unique<Background>(command, server.folder() + "/output-" + remote);
  }

 private:
  std::unique_ptr<Background> client_;
};

}  // namespace

TEST_CASE("OpenSSH sftp killed while it writes: the server closes the file and the connection, and serves on") {
  const HawserServer server;
  const std::string local = server.folder() + "/large";
  write_file(local, sample_bytes(24 * 1024 * 1024));
  const std::size_t before = open_files(server.pid()).size();
  REQUIRE(before > 0);
  for (int round = 0; round != 3; ++round) {
    std::vector<std::unique_ptr<SlowUpload>> uploads;
    for (int i = 0; i != 3; ++i)
      uploads.push_back(std::make_unique<SlowUpload>(server, local, "f" + std::to_string(i)));
    for (int i = 0; i != 3; ++i) {
      const std::string remote = server.root() + "/f" + std::to_string(i);
      INFO(read_file(server.folder() + "/output-f" + std::to_string(i)), server.log());
      REQUIRE(wait_until([&] { return is_open(server.pid(), remote) && fs::file_size(remote) > 0; }));
    }
    uploads.clear();
    const bool all_closed = wait_until([&] { return open_files(server.pid()).size() == before; });
    INFO(server.log());
    CHECK(all_closed);
    for (int i = 0; i != 3; ++i) {
      const std::string remote = server.root() + "/f" + std::to_string(i);
      CHECK(fs::file_size(remote) < fs::file_size(local));
      fs::remove(remote);
    }
  }
  const Finished finished = openssh_sftp(server, "put " + local + " whole\n");
  INFO(finished.output);
  CHECK(finished.exit_code == 0);
  CHECK(read_file(server.root() + "/whole") == read_file(local));
}
