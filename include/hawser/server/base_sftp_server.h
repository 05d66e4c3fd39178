// An SFTP server in one object: where to listen, what to serve, which host key, who may sign in.
//
//   auto files = server::LocalFileSystem::open("/srv/files");
//   auto host_key = server::host_key_from_file("/var/lib/me/host_key");
//   auto keys = server::AuthorizedKeys::load("/etc/me/authorized_keys");
//   server::BaseSFTPServer server({server::TcpEndpoint{"0.0.0.0", 2222}}, *files, *host_key, *keys);
//   Result<void> ended = server.run();                        // until somebody calls stop()
//
// More than that (several endpoints, limits, several lists of users, no authentication at all) is
// BaseSFTPServerOptions; more than files is an SSHServer of one's own.
#pragma once

#include "hawser/server/authenticators.h"
#include "hawser/server/ssh_server_manager.h"
#include "hawser/server/user_roots.h"

namespace hawser::server {

struct BaseSFTPServerOptions {
  SSHServerOptions listen;
  // Shared by all clients; it is the owner's to close.
  std::shared_ptr<FileSystem> file_system;
  // Instead of it, what each client sees: `UserRoots::provider`, or any function.
  FileSystemProvider file_systems;
  // Asked in turn, the first that says yes decides. With none nobody can sign in, and the server does not start.
  std::vector<std::shared_ptr<Authenticator>> authenticators;
  // Everybody may sign in, without any authentication. Think of who can reach the port.
  bool allow_unauthenticated = false;
  SFTPServerOptions sftp;
  // Instead of it, for each client its own: read-only for some, another start directory. What it gives is not checked
  // in advance; a name of a request that there is not is not served.
  std::function<SFTPServerOptions(ServerConnection&)> sftp_for;
};

class BaseSFTPServer {
 public:
  BaseSFTPServer(Endpoint endpoint, std::shared_ptr<FileSystem> file_system,
                 std::shared_ptr<const crypto::Signer> host_key, std::shared_ptr<Authenticator> authenticator);
  explicit BaseSFTPServer(const BaseSFTPServerOptions& options);
  ~BaseSFTPServer();  // stops

  // Errors: invalid_argument without a file system or with both kinds, not_found for an unknown name in the lists of
  // `sftp`, and those of SSHServerManager.
  Result<void> start();
  Result<void> start(asio::io_context& context);
  void stop() { manager_.stop(); }
  // `start`, and then waits for a `stop`.
  Result<void> run();

  // Another one for the clients of the next start. Errors: invalid_state while the server runs.
  Result<void> set_file_system(std::shared_ptr<FileSystem> file_system);

  std::uint16_t port() const { return manager_.port(); }
  std::vector<BoundEndpoint> endpoints() const { return manager_.endpoints(); }
  SSHServerManager& manager() { return manager_; }

 private:
  class Server;
  BaseSFTPServer(SSHServerOptions listen, std::shared_ptr<Server> server);

  std::shared_ptr<Server> server_;
  SSHServerManager manager_;
};

}  // namespace hawser::server
