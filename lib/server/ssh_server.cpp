#include "hawser/server/ssh_server.h"

#include <algorithm>
#include <array>

namespace hawser::server {

// --- Authentication: nobody gets in.

Awaitable<AuthResult> SSHServer::check_auth_none(ServerConnection&, std::string) { co_return AuthResult::failed; }

Awaitable<AuthResult> SSHServer::check_auth_password(ServerConnection&, std::string, const crypto::SecretBytes&) {
  co_return AuthResult::failed;
}

Awaitable<AuthResult> SSHServer::check_auth_password_change(ServerConnection&, std::string, const crypto::SecretBytes&,
                                                            const crypto::SecretBytes&) {
  co_return AuthResult::failed;
}

Awaitable<AuthResult> SSHServer::check_auth_publickey(ServerConnection&, std::string, crypto::PublicKey, KeyUse) {
  co_return AuthResult::failed;
}

Awaitable<std::vector<std::string>> SSHServer::get_allowed_auths(ServerConnection&, std::string) {
  co_return authentication_methods();
}

Awaitable<std::string> SSHServer::get_banner(ServerConnection&) { co_return std::string(); }
void SSHServer::on_authentication_successful(ServerConnection&, const std::string&, const std::string&) {}
void SSHServer::on_authentication_failed(ServerConnection&, const std::string&, const std::string&) {}

// --- Channels: sessions may be opened, and nothing may be run in them.

Awaitable<ChannelOpenResult> SSHServer::check_channel_request(ServerConnection&,
                                                              const channel::OpenRequested& request) {
  // RFC 4254 §6.3.2, §7.2; OpenSSH PROTOCOL §2.4, §2.6
  constexpr std::array<std::string_view, 5> known{
      "direct-tcpip", "forwarded-tcpip", "x11", "direct-streamlocal@openssh.com", "forwarded-streamlocal@openssh.com"};
  if (request.type == "session") co_return ChannelOpenResult::ok;
  if (std::ranges::find(known, request.type) != known.end()) co_return ChannelOpenResult::administratively_prohibited;
  co_return ChannelOpenResult::unknown_channel_type;
}

Awaitable<bool> SSHServer::is_channel_authorized(ServerConnection& connection, net::Channel&) {
  co_return connection.authenticated();
}

Awaitable<bool> SSHServer::check_channel_exec_request(ServerConnection&, net::Channel&, std::string) {
  co_return false;
}
Awaitable<bool> SSHServer::check_channel_shell_request(ServerConnection&, net::Channel&) { co_return false; }

Awaitable<bool> SSHServer::check_channel_subsystem_request(ServerConnection& connection, net::Channel&,
                                                           std::string name) {
  co_return name == "sftp" && file_system(connection) != nullptr;
}

Awaitable<bool> SSHServer::check_channel_pty_request(ServerConnection&, net::Channel&, channel::PtyRequest) {
  co_return true;
}

Awaitable<bool> SSHServer::check_channel_window_change_request(ServerConnection&, net::Channel&,
                                                               channel::WindowChange) {
  co_return true;
}

Awaitable<bool> SSHServer::check_channel_x11_request(ServerConnection&, net::Channel&, channel::X11Request) {
  co_return false;
}

Awaitable<bool> SSHServer::check_channel_env_request(ServerConnection&, net::Channel&, std::string, std::string) {
  co_return false;
}

void SSHServer::on_channel_opened(ServerConnection&, net::Channel&) {}
void SSHServer::on_channel_closed(ServerConnection&, net::Channel&) {}

Awaitable<void> SSHServer::handle_exec(ServerConnection&, std::shared_ptr<net::Channel>, std::string) { co_return; }
Awaitable<void> SSHServer::handle_shell(ServerConnection&, std::shared_ptr<net::Channel>) { co_return; }

Awaitable<void> SSHServer::handle_subsystem(ServerConnection& connection, std::shared_ptr<net::Channel> channel,
                                            std::string name) {
  if (name != "sftp") co_return;
  const std::shared_ptr<FileSystem> files = file_system(connection);
  if (!files) co_return;
  const std::unique_ptr<SFTPServer> server = make_sftp_server(connection, channel, files);
  const Result<void> ended = co_await server->run();
  channel->exit(ended ? 0 : 1);
}

Awaitable<void> SSHServer::handle_channel(ServerConnection&, std::shared_ptr<net::Channel>, channel::OpenRequested) {
  co_return;
}

// --- SFTP: nothing is served.

std::shared_ptr<FileSystem> SSHServer::file_system(ServerConnection&) { return nullptr; }

std::unique_ptr<SFTPServer> SSHServer::make_sftp_server(ServerConnection& connection,
                                                        std::shared_ptr<net::Channel> channel,
                                                        std::shared_ptr<FileSystem> files) {
  SFTPServerOptions options;
  options.pool = connection.connection().session().transport().pool().shared_from_this();
  return std::make_unique<SFTPServer>(std::move(channel), std::move(files), std::move(options));
}

// --- Global requests: none is known.

Awaitable<bool> SSHServer::check_port_forward_request(ServerConnection&, std::string, std::uint32_t) {
  co_return false;
}

Awaitable<bool> SSHServer::check_port_forward_cancel_request(ServerConnection&, std::string, std::uint32_t) {
  co_return true;
}

Awaitable<bool> SSHServer::check_global_request(ServerConnection&, std::string, Payload) { co_return false; }

void SSHServer::on_connection_opened(ServerConnection&) {}
void SSHServer::on_connection_closed(ServerConnection&, Error) {}

}  // namespace hawser::server
