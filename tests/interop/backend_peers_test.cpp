// The suite of tests/support/backend_suite.h on an SFTPBackend, against the servers of others: OpenSSH's sshd, also
// where it shows a part of its directories only, and dropbear with OpenSSH's sftp-server.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "dropbear.h"
#include "hawser/client/sftp_backend.h"
#include "missing.h"
#include "own_home.h"
#include "peers.h"
#include "support/backend_suite.h"

using namespace hawser;
using namespace hawser::test;

namespace {

client::SFTPBackendOptions options_for(int port, const std::string& client_key, const std::string& known_hosts) {
  client::SFTPBackendOptions options;
  options.host = "127.0.0.1";
  options.port = static_cast<std::uint16_t>(port);
  options.username = current_user();
  options.private_key = client::Secret(read_file(client_key));
  options.known_host_keys = read_file(known_hosts);
  options.io_timeout = std::chrono::seconds(60);
  return options;
}

// Each case has a folder of its own below `top` for its root, which it makes itself.
void run_suite(client::SFTPBackendOptions options, const std::string& top) {
  int number = 0;
  for (const BackendCase& one : backend_cases()) {
    CAPTURE(one.name);
    options.base_path = top + "/case-" + std::to_string(++number);
    client::SFTPBackend backend(options);
    one.run(BackendSubject(backend));
  }
}

// sshd wants every folder on the way to a ChrootDirectory to be root's and closed to others: not so below /tmp.
class ClosedDirectory {
 public:
  ClosedDirectory() {
    REQUIRE(::mkdtemp(path_.data()) != nullptr);
    ::chmod(path_.c_str(), 0755);
  }
  ~ClosedDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ClosedDirectory(const ClosedDirectory&) = delete;
  ClosedDirectory& operator=(const ClosedDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/run/hawser-XXXXXX";
};

}  // namespace

TEST_CASE("[SFTP-012, SFTP-014, SFTP-018] backend suite: OpenSSH's sshd") {
  Sshd sshd;
  TemporaryDirectory files;
  run_suite(options_for(sshd.port(), sshd.client_key(), sshd.known_hosts()), files.path());
}

TEST_CASE(
    "[SFTP-012] backend suite: OpenSSH's sshd with ChrootDirectory, where nothing can be made but in one folder") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can set up a ChrootDirectory");
    return;
  }
  const ClosedDirectory root;
  ::mkdir((root.path() + "/files").c_str(), 0777);
  Sshd sshd("ChrootDirectory " + root.path() + "\nForceCommand internal-sftp\n");
  client::SFTPBackendOptions options = options_for(sshd.port(), sshd.client_key(), sshd.known_hosts());
  options.base_path = "/files";
  run_suite(options, "/files");
}

TEST_CASE("[SFTP-012, SFTP-014, SFTP-018] backend suite: dropbear with OpenSSH's sftp-server") {
  for (const char* needed : {Dropbear::program, Dropbear::sftp_server}) {
    if (program_exists(needed)) continue;
    goes_without(needed);
    return;
  }
  if (!can_have_own_home()) {
    MESSAGE("skipped: dropbear cannot have another home here");
    return;
  }
  TemporaryDirectory keys;
  make_key(keys / "client", "ed25519");
  const std::string host_key = make_dropbear_key(keys / "host", "ed25519");
  Dropbear dropbear(read_file(keys / "client.pub"), {keys / "host"});
  write_file(keys / "known_hosts", "[127.0.0.1]:" + std::to_string(dropbear.port()) + " " + host_key + "\n");
  TemporaryDirectory files;
  run_suite(options_for(dropbear.port(), keys / "client", keys / "known_hosts"), files.path());
}
