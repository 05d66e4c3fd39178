// An SFTP server in one object: where to listen, what to serve, who may sign in.
//
//   server::BaseSFTPServerOptions options;
//   options.listen.host_keys = {key};
//   options.listen.port = 2222;
//   options.file_system = *server::LocalFileSystem::open("/srv/files");
//   options.authenticators = {*server::AuthorizedKeys::load("/etc/keys")};
//   server::BaseSFTPServer server(options);
//   if (Result<void> started = server.start(); !started) ...
#pragma once

#include "hawser/server/authenticators.h"
#include "hawser/server/ssh_server_manager.h"

namespace hawser::server {

struct BaseSFTPServerOptions {
  SSHServerOptions listen;
  // Shared by all clients; it is the owner's to close.
  std::shared_ptr<FileSystem> file_system;
  // Asked in turn, the first that says yes decides. With none nobody can sign in, and the server does not start.
  std::vector<std::shared_ptr<Authenticator>> authenticators;
  // Everybody may sign in, without any authentication. Think of who can reach the port.
  bool allow_unauthenticated = false;
  SFTPServerOptions sftp;
};

class BaseSFTPServer {
 public:
  explicit BaseSFTPServer(const BaseSFTPServerOptions& options);
  ~BaseSFTPServer();  // stops

  // Errors: invalid_argument without a file system, not_found for an unknown name in the lists of `sftp`, and those of
  // SSHServerManager.
  Result<void> start();
  Result<void> start(asio::io_context& context);
  void stop() { manager_.stop(); }

  std::uint16_t port() const { return manager_.port(); }
  SSHServerManager& manager() { return manager_; }

 private:
  class Server;
  BaseSFTPServer(SSHServerOptions listen, std::shared_ptr<Server> server);

  std::shared_ptr<Server> server_;
  SSHServerManager manager_;
};

}  // namespace hawser::server
