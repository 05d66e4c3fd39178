// Real peers on loopback, with keys and folders of their own: OpenSSH's sshd for our client, `hawser serve` for
// OpenSSH's clients.
#pragma once

#include <memory>
#include <string>

#include "process.h"
#include "support/temporary_directory.h"

namespace hawser::test {

std::string current_user();
void write_file(const std::string& path, const std::string& content, unsigned mode = 0600);
std::string read_file(const std::string& path);
// Bytes that differ at each offset and for each seed.
std::string sample_bytes(std::size_t size, unsigned seed = 1);
// How large the large file of the tests is: HAWSER_INTEROP_MIB, or 24 MiB.
std::size_t large_size();

// A pair made by ssh-keygen: path, and path + ".pub".
void make_key(const std::string& path, const std::string& type, const std::string& passphrase = "");

// sshd in the foreground on a free port. The current user signs in with `client_key()`.
class Sshd {
 public:
  explicit Sshd(const std::string& extra_config = "");
  int port() const { return port_; }
  std::string client_key() const { return folder_.path() + "/client"; }
  std::string known_hosts() const { return folder_.path() + "/known_hosts"; }
  std::string folder() const { return folder_.path(); }
  std::string log() const { return server_->output(); }

 private:
  TemporaryDirectory folder_;
  int port_ = 0;
  std::unique_ptr<Background> server_;
};

// `hawser serve` on a free port: user "alice" signs in with `client_key()` or the password "correct horse".
class HawserServer {
 public:
  explicit HawserServer(std::vector<std::string> extra_arguments = {});
  int port() const { return port_; }
  // What clients see as `/`.
  std::string root() const { return folder_.path() + "/root"; }
  std::string client_key() const { return folder_.path() + "/client"; }
  std::string known_hosts() const { return folder_.path() + "/known_hosts"; }
  std::string folder() const { return folder_.path(); }
  std::string log() const { return server_->output(); }
  int terminate() { return server_->terminate(); }
  pid_t pid() const { return server_->pid(); }

 private:
  TemporaryDirectory folder_;
  int port_ = 0;
  std::unique_ptr<Background> server_;
};

// OpenSSH's `sftp -b -` with these batch lines against a HawserServer; `options` go before the destination.
Finished openssh_sftp(const HawserServer& server, const std::string& batch, std::vector<std::string> options = {},
                      bool by_password = false);

std::string hawser_program();
Finished run_hawser(std::vector<std::string> arguments, const std::string& input = {});

}  // namespace hawser::test
