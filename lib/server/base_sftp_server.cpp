#include "hawser/server/base_sftp_server.h"

#include <algorithm>
#include <mutex>

namespace hawser::server {

class BaseSFTPServer::Server final : public SSHServer {
 public:
  explicit Server(const BaseSFTPServerOptions& options)
      : files_(options.file_system),
        provider_(options.file_systems),
        authenticators_(options.authenticators),
        open_to_all_(options.allow_unauthenticated),
        sftp_(options.sftp),
        sftp_for_(options.sftp_for) {}

  std::vector<std::string> authentication_methods() const override {
    std::vector<std::string> methods;
    if (open_to_all_) methods.push_back("none");
    for (const std::shared_ptr<Authenticator>& authenticator : authenticators_) {
      for (const std::string& method : authenticator->methods()) {
        if (std::ranges::find(methods, method) == methods.end()) methods.push_back(method);
      }
    }
    return methods;
  }

  Awaitable<AuthResult> check_auth_none(ServerConnection&, std::string) override {
    co_return open_to_all_ ? AuthResult::successful : AuthResult::failed;
  }

  Awaitable<AuthResult> check_auth_password(ServerConnection& connection, std::string user,
                                            const crypto::SecretBytes& password) override {
    const AuthenticatingClient client{user, connection.peer_address()};
    AuthResult result = AuthResult::failed;
    for (const std::shared_ptr<Authenticator>& authenticator : authenticators_) {
      const AuthResult one = co_await authenticator->check_password(client, password);
      if (result == AuthResult::failed) result = one;  // all are asked: how long it takes tells nothing
    }
    co_return result;
  }

  Awaitable<AuthResult> check_auth_publickey(ServerConnection& connection, std::string user, crypto::PublicKey key,
                                             KeyUse) override {
    const AuthenticatingClient client{user, connection.peer_address()};
    AuthResult result = AuthResult::failed;
    for (const std::shared_ptr<Authenticator>& authenticator : authenticators_) {
      const AuthResult one = co_await authenticator->check_public_key(client, key);
      if (result == AuthResult::failed) result = one;
    }
    co_return result;
  }

  std::shared_ptr<FileSystem> file_system(ServerConnection& connection) override {
    if (provider_) return provider_(connection);
    const std::lock_guard lock(mutex_);
    return files_;
  }
  void set_file_system(std::shared_ptr<FileSystem> files) {
    const std::lock_guard lock(mutex_);
    files_ = std::move(files);
  }

  std::unique_ptr<SFTPServer> make_sftp_server(ServerConnection& connection, std::shared_ptr<net::Channel> channel,
                                               std::shared_ptr<FileSystem> files) override {
    SFTPServerOptions options = sftp_for_ ? sftp_for_(connection) : sftp_;
    return std::make_unique<SFTPServer>(std::move(channel), std::move(files),
                                        sftp_options_for(connection, std::move(options)));
  }

  Result<void> check() const {
    const std::lock_guard lock(mutex_);
    if (!files_ && !provider_) return Error(Errc::invalid_argument, "an SFTP server needs a file system");
    if (files_ && provider_) return Error(Errc::invalid_argument, "one file system for all, and one for each");
    return sftp_.check();
  }

 private:
  mutable std::mutex mutex_;  // of `files_`: an earlier run's connections may still be ending
  std::shared_ptr<FileSystem> files_;
  FileSystemProvider provider_;
  std::vector<std::shared_ptr<Authenticator>> authenticators_;
  bool open_to_all_;
  SFTPServerOptions sftp_;
  std::function<SFTPServerOptions(ServerConnection&)> sftp_for_;
};

namespace {

SSHServerOptions listen_options(const BaseSFTPServerOptions& options) {
  SSHServerOptions out = options.listen;
  out.allow_unauthenticated = options.allow_unauthenticated;
  return out;
}

BaseSFTPServerOptions simple_options(Endpoint endpoint, std::shared_ptr<FileSystem> file_system,
                                     std::shared_ptr<const crypto::Signer> host_key,
                                     std::shared_ptr<Authenticator> authenticator) {
  BaseSFTPServerOptions out;
  out.listen.endpoints.push_back(std::move(endpoint));
  if (host_key) out.listen.host_keys.push_back(std::move(host_key));
  out.file_system = std::move(file_system);
  if (authenticator) out.authenticators.push_back(std::move(authenticator));
  return out;
}

}  // namespace

BaseSFTPServer::BaseSFTPServer(Endpoint endpoint, std::shared_ptr<FileSystem> file_system,
                               std::shared_ptr<const crypto::Signer> host_key,
                               std::shared_ptr<Authenticator> authenticator)
    : BaseSFTPServer(
          simple_options(std::move(endpoint), std::move(file_system), std::move(host_key), std::move(authenticator))) {}

BaseSFTPServer::BaseSFTPServer(const BaseSFTPServerOptions& options)
    : BaseSFTPServer(listen_options(options), std::make_shared<Server>(options)) {}

BaseSFTPServer::BaseSFTPServer(SSHServerOptions listen, std::shared_ptr<Server> server)
    : server_(server), manager_(std::move(server), std::move(listen)) {}

BaseSFTPServer::~BaseSFTPServer() = default;

Result<void> BaseSFTPServer::start() {
  if (Result<void> usable = server_->check(); !usable) return usable;
  return manager_.start();
}

Result<void> BaseSFTPServer::run() {
  if (Result<void> started = start(); !started) return started;
  manager_.wait();
  return {};
}

Result<void> BaseSFTPServer::set_file_system(std::shared_ptr<FileSystem> file_system) {
  if (manager_.is_running()) return Error(Errc::invalid_state, "the server is running");
  server_->set_file_system(std::move(file_system));
  return {};
}

Result<void> BaseSFTPServer::start(asio::io_context& context) {
  if (Result<void> usable = server_->check(); !usable) return usable;
  return manager_.start(context);
}

}  // namespace hawser::server
