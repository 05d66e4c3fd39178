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
// The defaults deny, or say "unsupported". `check_…` hooks may take their time: they are awaited, and hold up only what
// they are about: the authentication, the channel, the global requests behind theirs. `on_…` hooks are told, and must
// not wait. An exception from a hook is a denial, and is logged.
//
// Thread-safety: one SSHServer serves many connections. The hooks of one connection never run at the same time; those
// of different connections do, on the manager's threads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hawser/channel/request_bodies.h"
#include "hawser/server/file_system.h"
#include "hawser/server/keyboard_interactive.h"
#include "hawser/server/process.h"
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
  // Asked once check_auth_password has said `successful` or `partial`: a text that is not empty is shown to the client,
  // which is not let in with this password and must choose another one (SSH_MSG_USERAUTH_PASSWD_CHANGEREQ, RFC 4252
  // §8). Default: empty.
  virtual Awaitable<std::string> get_password_change_prompt(ServerConnection&, std::string user);
  // A password change request (RFC 4252 §8) instead of a plain one, sent because the hook above asked for it, or of the
  // client's own accord. `successful` and `partial` say that the password has been changed and that the request counts;
  // `failed` that nothing has happened, be it that the old password is wrong or that the new one will not do.
  virtual Awaitable<AuthResult> check_auth_password_change(ServerConnection&, std::string user,
                                                           const crypto::SecretBytes& old_password,
                                                           const crypto::SecretBytes& new_password);  // default: failed
  virtual Awaitable<AuthResult> check_auth_publickey(ServerConnection&, std::string user, crypto::PublicKey key,
                                                     KeyUse use);  // default: failed
  // A conversation of as many rounds as it takes. `submethods`: the client's comma-separated wish, mostly empty.
  // Default: failed.
  virtual Awaitable<AuthResult> check_auth_keyboard_interactive(ServerConnection&, std::string user,
                                                                std::string submethods, KeyboardInteractive& client);
  // May the name that the mechanism has proved sign in as this user? The provider is an option:
  // SSHServerOptions::session.userauth.gss. Default: failed.
  virtual Awaitable<AuthResult> check_auth_gssapi_with_mic(ServerConnection&, std::string user,
                                                           auth::GssapiAuthenticated proved);
  // What the client may try next: asked before the first request of each user name, and to fill every USERAUTH_FAILURE.
  // Other methods are refused without their hook. Names that authentication_methods does not have are dropped. A chain
  // looks at ServerConnection::partial_successes. Answer alike for users that do not exist. Default: all that
  // authentication_methods has.
  virtual Awaitable<std::vector<std::string>> get_allowed_auths(ServerConnection&, std::string user);
  // Asked once keys are exchanged, sent before authentication; lines end in CR LF or LF. Default: empty, none.
  virtual Awaitable<std::string> get_banner(ServerConnection&);
  // Right before USERAUTH_SUCCESS, and right before each USERAUTH_FAILURE that is no partial success, also where no
  // check_auth_… hook was asked: an unknown method, a wrong signature. `user` and `method` are as the client sent them.
  virtual void on_authentication_successful(ServerConnection&, const std::string& user, const std::string& method);
  virtual void on_authentication_failed(ServerConnection&, const std::string& user, const std::string& method);

  // --- Channels
  // -----------------------------------------------------------------------------------------------------------
  // The channel is shown, not lent: nothing can be sent on it, nor can it be closed, before the request is answered.

  // Every CHANNEL_OPEN. Default: ok for "session" and for the types below that have a hook of their own, which is asked
  // next; administratively_prohibited for the other types of RFC 4254 and OpenSSH, else unknown_channel_type.
  virtual Awaitable<ChannelOpenResult> check_channel_request(ServerConnection&, const channel::OpenRequested& request);
  // CHANNEL_OPEN "direct-tcpip": may the client have a connection to this host and port, made from here? Default:
  // false. The name is as the client wrote it, and is looked up after the answer.
  virtual Awaitable<bool> check_direct_tcpip_request(ServerConnection&, std::string host, std::uint32_t port);
  // CHANNEL_OPEN "direct-streamlocal@openssh.com": to the Unix socket at this path, with this process's rights?
  // Default: false.
  virtual Awaitable<bool> check_direct_streamlocal_request(ServerConnection&, std::string path);
  // May this connection use the channel for a program? Asked before every exec, shell and subsystem. Default: true.
  virtual Awaitable<bool> is_channel_authorized(ServerConnection&, const net::Channel&);
  virtual Awaitable<bool> check_channel_exec_request(ServerConnection&, const net::Channel&,
                                                     std::string command);                      // false
  virtual Awaitable<bool> check_channel_shell_request(ServerConnection&, const net::Channel&);  // false
  // Default: whether the name is "sftp" and `file_system` gives one.
  virtual Awaitable<bool> check_channel_subsystem_request(ServerConnection&, const net::Channel&, std::string name);
  virtual Awaitable<bool> check_channel_pty_request(ServerConnection&, const net::Channel&,
                                                    channel::PtyRequest);  // true
  virtual Awaitable<bool> check_channel_window_change_request(ServerConnection&, const net::Channel&,
                                                              channel::WindowChange);  // true
  virtual Awaitable<bool> check_channel_x11_request(ServerConnection&, const net::Channel&,
                                                    channel::X11Request);  // false
  virtual Awaitable<bool> check_channel_env_request(ServerConnection&, const net::Channel&, std::string name,
                                                    std::string value);  // false
  // "auth-agent-req@openssh.com": may programs here use the client's agent? Default: false.
  virtual Awaitable<bool> check_channel_agent_request(ServerConnection&, const net::Channel&);
  // May the signal (its name without "SIG", at most 64 bytes) be told to the program that runs? Default: true.
  virtual Awaitable<bool> check_channel_signal_request(ServerConnection&, const net::Channel&, std::string name);
  // The same for "break" (RFC 4335). Default: false, for a program that knows nothing of breaks.
  virtual Awaitable<bool> check_channel_break_request(ServerConnection&, const net::Channel&,
                                                      std::uint32_t milliseconds);
  virtual void on_channel_opened(ServerConnection&, const net::Channel&);  // CHANNEL_OPEN_CONFIRMATION is on its way
  virtual void on_channel_closed(ServerConnection&, const net::Channel&);  // by both sides, or with its connection

  // What an accepted request runs, once CHANNEL_SUCCESS is on its way. The return value is the exit status, unless the
  // program has ended itself by `exit` before; then the channel is closed. An exception closes it without a status.
  // Defaults: 127, which shells say of a command that they do not find; handle_subsystem runs an SFTPServer where the
  // name is "sftp".
  virtual Awaitable<std::uint32_t> handle_exec(ServerConnection&, std::shared_ptr<Process>, std::string command);
  virtual Awaitable<std::uint32_t> handle_shell(ServerConnection&, std::shared_ptr<Process>);
  virtual Awaitable<std::uint32_t> handle_subsystem(ServerConnection&, std::shared_ptr<Process>, std::string name);
  // The same for an accepted channel that is no session, and no forwarding of the library's. Default: returns.
  virtual Awaitable<void> handle_channel(ServerConnection&, std::shared_ptr<net::Channel>, channel::OpenRequested);

  // --- SFTP
  // ---------------------------------------------------------------------------------------------------------------

  // What the client sees; may be shared by all. Default: null, no SFTP.
  virtual std::shared_ptr<FileSystem> file_system(ServerConnection&);
  // Default: an SFTPServer with `sftp_options_for(connection)`.
  virtual std::unique_ptr<SFTPServer> make_sftp_server(ServerConnection&, std::shared_ptr<net::Channel>,
                                                       std::shared_ptr<FileSystem>);

  // --- Global requests (RFC 4254 §4, §7.1): asked one after the other, and answered in order
  // --------------------------------------------------------------------------------

  // "tcpip-forward": may the client have connections to this address and port, which is 0 where any will do? Where the
  // answer is yes the library listens, hands connections on, and stops with the connection. Default: false.
  virtual Awaitable<bool> check_port_forward_request(ServerConnection&, std::string address, std::uint32_t port);
  // Asked next where other hosts could connect too: `address` is not "localhost" nor an address of the loopback
  // interface; an empty one is all addresses. Default: false.
  virtual Awaitable<bool> check_port_forward_public_request(ServerConnection&, std::string address, std::uint32_t port);
  virtual Awaitable<bool> check_port_forward_cancel_request(ServerConnection&, std::string address,
                                                            std::uint32_t port);  // true
  // "streamlocal-forward@openssh.com": a Unix socket at this path, made with mode 0600. Default: false.
  virtual Awaitable<bool> check_streamlocal_forward_request(ServerConnection&, std::string path);
  virtual Awaitable<bool> check_streamlocal_forward_cancel_request(ServerConnection&, std::string path);  // true
  // Every other request that the library does not answer itself. True is REQUEST_SUCCESS. Default: false.
  virtual Awaitable<bool> check_global_request(ServerConnection&, std::string type, Payload specific);

  // --- The connection
  // -----------------------------------------------------------------------------------------------------

  virtual void on_connection_opened(ServerConnection&);  // keys have been exchanged
  // No hook is asked and no program starts from now on. What has begun goes on to its end, however long that takes: the
  // programs, a check that still waits, and on_channel_closed of the channels there were.
  virtual void on_connection_closed(ServerConnection&, Error reason);

 protected:
  // For overrides of `make_sftp_server`: `options`, with what is known of the connection filled in (the user, the
  // buffer pool, and the order of paths that the client's software sends in SSH_FXP_SYMLINK).
  static SFTPServerOptions sftp_options_for(ServerConnection& connection, SFTPServerOptions options = {});
};

}  // namespace hawser::server
