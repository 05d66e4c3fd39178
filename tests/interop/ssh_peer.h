// A server of ours in this process, for OpenSSH's `ssh`: it grants what its tests need, and its programs are a few
// commands.
#pragma once

#include "hawser/server/authenticators.h"
#include "hawser/server/ssh_server_manager.h"
#include "peers.h"

namespace hawser::test {

// Lets in who has one of the keys. Commands: "cat" (input to output), "both" (a line on each output, status 3), "env"
// (the environment), "terminal" (its type and size, then each change of it, to the end of the input), "killed" (ends by
// SIGTERM), "zeros N" (N bytes).
std::shared_ptr<server::SSHServer> command_server(std::shared_ptr<server::AuthorizedKeys> keys);

// One of these on a free port, for user "alice" with `client_key()`.
class SshPeer {
 public:
  explicit SshPeer(std::vector<std::shared_ptr<const crypto::Signer>> more_host_keys = {},
                   const transport::TransportConfig& transport = {});
  ~SshPeer();

  int port() const { return port_; }
  std::string folder() const { return folder_.path(); }
  std::string client_key() const { return folder_.path() + "/client"; }
  std::string known_hosts() const { return folder_.path() + "/known_hosts"; }
  // `ssh` with these options, to this server as user alice; what is run there goes behind.
  std::vector<std::string> ssh(std::vector<std::string> options, std::vector<std::string> remote = {}) const;

 private:
  TemporaryDirectory folder_;
  int port_ = 0;
  std::unique_ptr<server::SSHServerManager> manager_;
};

}  // namespace hawser::test
