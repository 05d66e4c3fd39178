// The suite of tests/support/backend_suite.h on an SFTPBackend, against the servers of others: OpenSSH's sshd, also
// where it shows a part of its directories only, and dropbear with OpenSSH's sftp-server.
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "hawser/client/sftp_backend.h"
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

// dropbear in the foreground on a free port; it starts the sftp-server of OpenSSH, from where Debian expects it. It
// looks for keys in the user's home only, so it sees another folder there, by a mount of its own, which takes root.
class Dropbear {
 public:
  static constexpr const char* program = "/usr/sbin/dropbear";
  static constexpr const char* sftp_server = "/usr/lib/openssh/sftp-server";

  Dropbear() {
    const std::string at = folder_.path();
    make_key(client_key(), "ed25519");
    ::mkdir((at + "/home").c_str(), 0700);
    ::mkdir((at + "/home/.ssh").c_str(), 0700);
    write_file(at + "/home/.ssh/authorized_keys", read_file(client_key() + ".pub"));
    const Finished made = run_command({{"/usr/bin/dropbearkey", "-t", "ed25519", "-f", at + "/host"}, {}, {}, {}});
    if (made.exit_code != 0) throw std::runtime_error("dropbearkey: " + made.output);
    const std::size_t key = made.output.find("ssh-ed25519 ");
    port_ = free_port();
    write_file(known_hosts(), "[127.0.0.1]:" + std::to_string(port_) + " " +
                                  made.output.substr(key, made.output.find('\n', key) - key) + "\n");
    const std::string listen = "127.0.0.1:" + std::to_string(port_);
    const Command command{
        {"/usr/bin/unshare", "--mount", "/bin/sh", "-c", "mount --bind \"$1\" \"$2\" && shift 2 && exec \"$@\"", "sh",
         at + "/home", home(), program, "-F", "-E", "-r", at + "/host", "-P", at + "/pid", "-p", listen},
        {},
        {},
        {}};
    server_ = std::make_unique<Background>(command, at + "/log");
    if (!wait_for_port(port_)) throw std::runtime_error("dropbear did not start: " + server_->output());
  }
  int port() const { return port_; }
  std::string client_key() const { return folder_.path() + "/client"; }
  std::string known_hosts() const { return folder_.path() + "/known_hosts"; }

 private:
  static std::string home() {
    const passwd* entry = ::getpwuid(::getuid());
    if (entry == nullptr) throw std::runtime_error("the current user has no home");
    return entry->pw_dir;
  }

  TemporaryDirectory folder_;
  int port_ = 0;
  std::unique_ptr<Background> server_;
};

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
    MESSAGE("skipped: there is no " << needed);
    return;
  }
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can give dropbear another home");
    return;
  }
  Dropbear dropbear;
  TemporaryDirectory files;
  run_suite(options_for(dropbear.port(), dropbear.client_key(), dropbear.known_hosts()), files.path());
}
