// What an SSH server decides: subclass `SSHServer`, override hooks, and give it to an `SSHServerManager`.
//
//   class MyServer : public server::SSHServer {
//    public:
//     std::vector<std::string> authentication_methods() const override { return {"publickey"}; }
//     Awaitable<AuthResult> check_auth_publickey(ServerConnection&, std::string user, crypto::PublicKey key, KeyUse)
//     override {
//       co_return knows(user, key) ? AuthResult::successful : AuthResult::failed;
//     }
//     std::shared_ptr<FileSystem> file_system(ServerConnection&) override { return files_; }
//   };
//
// The defaults deny, or say "unsupported". `check_…` hooks may take their time: they are awaited, and hold up only the
// connection (authentication, global requests) or the channel they are about. `on_…` hooks are told, and must not wait.
// An exception from a hook is a denial, and is logged.
//
// Thread-safety: one SSHServer serves many connections. The hooks of one connection never run at the same time; those
// of different connections do, on the manager's threads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hawser/channel/request_bodies.h"
#include "hawser/server/file_system.h"
#include "hawser/server/server_connection.h"
#include "hawser/server/sftp_server.h"

namespace hawser::server {

using auth::AuthResult;

// What a public key is shown for: `query` asks whether signing with it makes sense and never signs in; `signature`
// comes after the signature has been verified.
enum class KeyUse { query, signature };

// RFC 4254 §5.1
enum class ChannelOpenResult : std::uint32_t {
  ok = 0,
  administratively_prohibited = 1,
  connect_failed = 2,
  unknown_channel_type = 3,
  resource_shortage = 4,
};

class SSHServer {
 public:
  virtual ~SSHServer() = default;

  // --- Authentication
  // -----------------------------------------------------------------------------------------------------

  // The methods this server has handlers for; what is not listed is neither offered nor ever asked. A manager refuses
  // to start with none. "none" lets everybody in whom check_auth_none lets in, and the manager must be told to allow
  // that.
  virtual std::vector<std::string> authentication_methods() const = 0;

  virtual Awaitable<AuthResult> check_auth_none(ServerConnection&, std::string user);  // default: failed
  virtual Awaitable<AuthResult> check_auth_password(ServerConnection&, std::string user,
                                                    const crypto::SecretBytes& password);  // default: failed
  // A password change request (RFC 4252 §8) instead of a plain one.
  virtual Awaitable<AuthResult> check_auth_password_change(ServerConnection&, std::string user,
                                                           const crypto::SecretBytes& old_password,
                                                           const crypto::SecretBytes& new_password);  // default: failed
  virtual Awaitable<AuthResult> check_auth_publickey(ServerConnection&, std::string user, crypto::PublicKey key,
                                                     KeyUse use);  // default: failed
  // Fills every USERAUTH_FAILURE. Names that authentication_methods does not have are dropped. Default: all that it
  // has.
  virtual Awaitable<std::vector<std::string>> get_allowed_auths(ServerConnection&, std::string user);
  // Sent before authentication; lines end in CR LF or LF. Default: empty, none.
  virtual Awaitable<std::string> get_banner(ServerConnection&);
  virtual void on_authentication_successful(ServerConnection&, const std::string& user, const std::string& method);
  virtual void on_authentication_failed(ServerConnection&, const std::string& user, const std::string& method);

  // --- Channels
  // -----------------------------------------------------------------------------------------------------------

  // Default: ok for "session"; administratively_prohibited for other types of RFC 4254 and OpenSSH, else
  // unknown_channel_type.
  virtual Awaitable<ChannelOpenResult> check_channel_request(ServerConnection&, const channel::OpenRequested& request);
  // May this connection use the channel for a program? Asked before every exec, shell and subsystem. Default: true.
  virtual Awaitable<bool> is_channel_authorized(ServerConnection&, net::Channel&);
  virtual Awaitable<bool> check_channel_exec_request(ServerConnection&, net::Channel&, std::string command);  // false
  virtual Awaitable<bool> check_channel_shell_request(ServerConnection&, net::Channel&);                      // false
  // Default: whether the name is "sftp" and `file_system` gives one.
  virtual Awaitable<bool> check_channel_subsystem_request(ServerConnection&, net::Channel&, std::string name);
  virtual Awaitable<bool> check_channel_pty_request(ServerConnection&, net::Channel&, channel::PtyRequest);  // true
  virtual Awaitable<bool> check_channel_window_change_request(ServerConnection&, net::Channel&,
                                                              channel::WindowChange);                        // true
  virtual Awaitable<bool> check_channel_x11_request(ServerConnection&, net::Channel&, channel::X11Request);  // false
  virtual Awaitable<bool> check_channel_env_request(ServerConnection&, net::Channel&, std::string name,
                                                    std::string value);  // false
  virtual void on_channel_opened(ServerConnection&, net::Channel&);
  virtual void on_channel_closed(ServerConnection&, net::Channel&);

  // What an accepted request runs, once CHANNEL_SUCCESS is on its way: a program ends with channel->exit(status). When
  // it returns the channel is closed. Defaults: return; handle_subsystem runs an SFTPServer where the name is "sftp".
  virtual Awaitable<void> handle_exec(ServerConnection&, std::shared_ptr<net::Channel>, std::string command);
  virtual Awaitable<void> handle_shell(ServerConnection&, std::shared_ptr<net::Channel>);
  virtual Awaitable<void> handle_subsystem(ServerConnection&, std::shared_ptr<net::Channel>, std::string name);
  // The same for an accepted channel that is no session. Default: returns.
  virtual Awaitable<void> handle_channel(ServerConnection&, std::shared_ptr<net::Channel>, channel::OpenRequested);

  // --- SFTP
  // ---------------------------------------------------------------------------------------------------------------

  // What the client sees; may be shared by all. Default: null, no SFTP.
  virtual std::shared_ptr<FileSystem> file_system(ServerConnection&);
  // Default: an SFTPServer with default options.
  virtual std::unique_ptr<SFTPServer> make_sftp_server(ServerConnection&, std::shared_ptr<net::Channel>,
                                                       std::shared_ptr<FileSystem>);

  // --- Global requests (RFC 4254 §4, §7.1)
  // --------------------------------------------------------------------------------

  // This library listens for nobody yet: whatever these two say, the client is told that it failed.
  virtual Awaitable<bool> check_port_forward_request(ServerConnection&, std::string address,
                                                     std::uint32_t port);  // false
  virtual Awaitable<bool> check_port_forward_cancel_request(ServerConnection&, std::string address,
                                                            std::uint32_t port);  // true
  // Every other request that the library does not answer itself. True is REQUEST_SUCCESS. Default: false.
  virtual Awaitable<bool> check_global_request(ServerConnection&, std::string type, Payload specific);

  // --- The connection
  // -----------------------------------------------------------------------------------------------------

  virtual void on_connection_opened(ServerConnection&);  // keys have been exchanged
  virtual void on_connection_closed(ServerConnection&, Error reason);
};

}  // namespace hawser::server
