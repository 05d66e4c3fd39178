#include "hawser/server/ssh_server.h"

#include <algorithm>
#include <array>

namespace hawser::server {

namespace {

constexpr std::uint32_t command_not_found = 127;  // as shells say it

}  // namespace

// --- Authentication: nobody gets in.

Awaitable<AuthResult> SSHServer::check_auth_none(ServerConnection&, std::string) { co_return AuthResult::failed; }

Awaitable<AuthResult> SSHServer::check_auth_password(ServerConnection&, std::string, const crypto::SecretBytes&) {
  co_return AuthResult::failed;
}

Awaitable<std::string> SSHServer::get_password_change_prompt(ServerConnection&, std::string) {
  co_return std::string();
}
Awaitable<AuthResult> SSHServer::check_auth_password_change(ServerConnection&, std::string, const crypto::SecretBytes&,
                                                            const crypto::SecretBytes&) {
  co_return AuthResult::failed;
}

Awaitable<AuthResult> SSHServer::check_auth_publickey(ServerConnection&, std::string, crypto::PublicKey, KeyUse) {
  co_return AuthResult::failed;
}

Awaitable<AuthResult> SSHServer::check_auth_keyboard_interactive(ServerConnection&, std::string, std::string,
                                                                 KeyboardInteractive&) {
  co_return AuthResult::failed;
}

Awaitable<AuthResult> SSHServer::check_auth_gssapi_with_mic(ServerConnection&, std::string, auth::GssapiAuthenticated) {
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
  constexpr std::array<std::string_view, 3> decided_here{channel::SessionOpen::type, channel::DirectTcpipOpen::type,
                                                         channel::DirectStreamlocalOpen::type};
  constexpr std::array<std::string_view, 4> known{channel::ForwardedTcpipOpen::type, channel::X11Open::type,
                                                  channel::ForwardedStreamlocalOpen::type,
                                                  channel::AuthAgentOpen::type};
  if (std::ranges::find(decided_here, request.type) != decided_here.end()) co_return ChannelOpenResult::ok;
  if (std::ranges::find(known, request.type) != known.end()) co_return ChannelOpenResult::administratively_prohibited;
  co_return ChannelOpenResult::unknown_channel_type;
}

Awaitable<bool> SSHServer::check_direct_tcpip_request(ServerConnection&, std::string, std::uint32_t) {
  co_return false;
}
Awaitable<bool> SSHServer::check_direct_streamlocal_request(ServerConnection&, std::string) { co_return false; }

Awaitable<bool> SSHServer::is_channel_authorized(ServerConnection& connection, const net::Channel&) {
  co_return connection.authenticated();
}

Awaitable<bool> SSHServer::check_channel_exec_request(ServerConnection&, const net::Channel&, std::string) {
  co_return false;
}
Awaitable<bool> SSHServer::check_channel_shell_request(ServerConnection&, const net::Channel&) { co_return false; }

Awaitable<bool> SSHServer::check_channel_subsystem_request(ServerConnection& connection, const net::Channel&,
                                                           std::string name) {
  co_return name == "sftp" && file_system(connection) != nullptr;
}

Awaitable<bool> SSHServer::check_channel_pty_request(ServerConnection&, const net::Channel&, channel::PtyRequest) {
  co_return true;
}

Awaitable<bool> SSHServer::check_channel_window_change_request(ServerConnection&, const net::Channel&,
                                                               channel::WindowChange) {
  co_return true;
}

Awaitable<bool> SSHServer::check_channel_x11_request(ServerConnection&, const net::Channel&, channel::X11Request) {
  co_return false;
}

Awaitable<bool> SSHServer::check_channel_env_request(ServerConnection&, const net::Channel&, std::string, std::string) {
  co_return false;
}

Awaitable<bool> SSHServer::check_channel_agent_request(ServerConnection&, const net::Channel&) { co_return false; }

Awaitable<bool> SSHServer::check_channel_signal_request(ServerConnection&, const net::Channel&, std::string) {
  co_return true;
}

Awaitable<bool> SSHServer::check_channel_break_request(ServerConnection&, const net::Channel&, std::uint32_t) {
  co_return false;
}

void SSHServer::on_channel_opened(ServerConnection&, const net::Channel&) {}
void SSHServer::on_channel_closed(ServerConnection&, const net::Channel&) {}

Awaitable<std::uint32_t> SSHServer::handle_exec(ServerConnection&, std::shared_ptr<Process>, std::string) {
  co_return command_not_found;
}
Awaitable<std::uint32_t> SSHServer::handle_shell(ServerConnection&, std::shared_ptr<Process>) {
  co_return command_not_found;
}

Awaitable<std::uint32_t> SSHServer::handle_subsystem(ServerConnection& connection, std::shared_ptr<Process> process,
                                                     std::string name) {
  if (name != "sftp") co_return command_not_found;
  const std::shared_ptr<FileSystem> files = file_system(connection);
  if (!files) co_return command_not_found;
  const std::unique_ptr<SFTPServer> server = make_sftp_server(connection, process->channel(), files);
  const Result<void> ended = co_await server->run();
  connection.served_sftp(server->counters());
  co_return ended ? 0 : 1;
}

Awaitable<void> SSHServer::handle_channel(ServerConnection&, std::shared_ptr<net::Channel>, channel::OpenRequested) {
  co_return;
}

// --- SFTP: nothing is served.

std::shared_ptr<FileSystem> SSHServer::file_system(ServerConnection&) { return nullptr; }

std::unique_ptr<SFTPServer> SSHServer::make_sftp_server(ServerConnection& connection,
                                                        std::shared_ptr<net::Channel> channel,
                                                        std::shared_ptr<FileSystem> files) {
  return std::make_unique<SFTPServer>(std::move(channel), std::move(files), sftp_options_for(connection));
}

SFTPServerOptions SSHServer::sftp_options_for(ServerConnection& connection, SFTPServerOptions options) {
  if (!options.pool) options.pool = connection.connection().session().transport().pool().shared_from_this();
  options.symlink_order = sftp::symlink_order_of(connection.peer_identification());
  options.user = connection.user();
  return options;
}

// --- Global requests: nobody listens for a client, and no other request is known.

Awaitable<bool> SSHServer::check_port_forward_request(ServerConnection&, std::string, std::uint32_t) {
  co_return false;
}

Awaitable<bool> SSHServer::check_port_forward_public_request(ServerConnection&, std::string, std::uint32_t) {
  co_return false;
}

Awaitable<bool> SSHServer::check_port_forward_cancel_request(ServerConnection&, std::string, std::uint32_t) {
  co_return true;
}

Awaitable<bool> SSHServer::check_streamlocal_forward_request(ServerConnection&, std::string) { co_return false; }
Awaitable<bool> SSHServer::check_streamlocal_forward_cancel_request(ServerConnection&, std::string) { co_return true; }

Awaitable<bool> SSHServer::check_global_request(ServerConnection&, std::string, Payload) { co_return false; }

void SSHServer::on_connection_opened(ServerConnection&) {}
void SSHServer::on_connection_closed(ServerConnection&, Error) {}

}  // namespace hawser::server
