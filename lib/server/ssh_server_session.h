// One connection of an SSHServer: turns what the connection asks into hook calls, and their answers into replies.
#pragma once

#include <list>

#include "connection_protocol_settings.h"
#include "connection_registry.h"
#include "port_forwarding.h"

namespace hawser::server {

class AuthDialog;

inline constexpr std::uint32_t largest_port = 65535;  // messages have 32 bits for it

class SSHServerSession final : public ServerConnection,
                               public net::ConnectionHandler,
                               private HookCaller,
                               public std::enable_shared_from_this<SSHServerSession> {
 public:
  struct Settings {
    std::shared_ptr<SSHServer> server;
    std::shared_ptr<ConnectionRegistry> registry;
    std::chrono::milliseconds auth_failure_delay{0};
    std::shared_ptr<Log> log;
    ConnectionProtocolOptions connection_protocol;
    std::shared_ptr<net::ThreadPool> public_key_threads;           // null: none
    std::weak_ptr<void> loop;                                      // what the connection's event loop lives in
    std::vector<std::shared_ptr<const crypto::Signer>> host_keys;  // of this connection: to announce, and to prove
  };

  // Entered in the registry.
  static std::shared_ptr<SSHServerSession> create(Settings settings, std::shared_ptr<net::Connection> connection,
                                                  ConnectionPlace place, std::shared_ptr<const Traffic> traffic);
  static Awaitable<void> run(std::shared_ptr<SSHServerSession> self);
  // Ends as soon as no channel is open. From any thread.
  void finish();

  const std::string& id() const override { return caller_id(); }
  const std::string& peer_address() const override { return peer_address_; }
  const std::string& user() const override { return user_; }
  bool authenticated() const override { return authenticated_; }
  const std::vector<std::string>& partial_successes() const override { return partial_successes_; }
  const transport::Negotiated& negotiated() const override { return connection_->session().transport().negotiated(); }
  const std::string& peer_identification() const override {
    return connection_->session().transport().peer_identification();
  }
  void close() override;
  void served_sftp(const SFTPCounters& counters) override { settings_.registry->served_sftp(counters); }
  net::Connection& connection() override { return *connection_; }

 private:
  SSHServerSession(Settings settings, std::shared_ptr<net::Connection> connection, ConnectionPlace place);

  using Self = std::shared_ptr<SSHServerSession>;
  using ChannelPointer = std::shared_ptr<net::Channel>;

  Awaitable<void> on_transport_event(transport::TransportEvent event) override;
  Awaitable<void> on_userauth_request(auth::UserauthServerEvent event) override;
  void on_channel_requested(channel::OpenRequested request) override;
  Awaitable<void> on_global_request(channel::GlobalRequestReceived request) override;
  void on_end() override { global_request_answered_.notify(); }

  Awaitable<AuthResult> judge(const auth::AuthRequested& request);
  Awaitable<AuthResult> judge_password(const std::string& user, const auth::PasswordRequest& request);
  Awaitable<AuthResult> read_password_change_prompt(std::string user, AuthResult otherwise);
  Awaitable<void> on_auth_requested(auth::AuthRequested request);
  Awaitable<void> answer_auth(const auth::AuthRequested& request, AuthResult result);
  Awaitable<void> delay_failure(const auth::AuthRequested& request);
  Awaitable<void> ask_allowed_methods(std::string user);
  static Awaitable<void> run_dialog(Self self, std::shared_ptr<AuthDialog> dialog);
  Awaitable<void> follow_dialog();
  Awaitable<void> abandon_dialog();
  void succeeded(const auth::AuthSucceeded& success);

  // Channels.
  static Awaitable<void> open_channel(Self self, channel::OpenRequested request);
  static Awaitable<void> serve_session(Self self, ChannelPointer channel);
  static Awaitable<void> serve_other(Self self, ChannelPointer channel, channel::OpenRequested request);
  static Awaitable<void> run_channel(Self self, ChannelPointer channel, channel::OpenRequested request);
  static Awaitable<void> open_direct_tcpip(Self self, channel::OpenRequested request);
  static Awaitable<void> open_direct_streamlocal(Self self, channel::OpenRequested request);
  static Awaitable<void> carry(Self self, channel::OpenRequested request, std::unique_ptr<net::Stream> stream);
  ChannelPointer accept_channel(channel::ChannelId id);
  void refuse_channel(channel::ChannelId id, ChannelOpenResult reason);
  void channel_closed(const net::Channel& channel);

  // Global requests: answered one after the other, in order, while the connection goes on.
  struct GlobalAnswer {
    bool success = false;
    ByteVector specific;
  };
  static Awaitable<void> answer_global_requests(Self self);
  Awaitable<GlobalAnswer> decide_global(const channel::GlobalRequestReceived& request);
  Awaitable<GlobalAnswer> on_tcpip_forward(Bytes specific);
  Awaitable<GlobalAnswer> on_cancel_tcpip_forward(Bytes specific);
  Awaitable<GlobalAnswer> on_streamlocal_forward(Bytes specific);
  Awaitable<GlobalAnswer> on_cancel_streamlocal_forward(Bytes specific);
  GlobalAnswer on_prove_host_keys(Bytes specific);
  void announce_host_keys();

  Awaitable<void> run_connection(Error& reason);
  void disconnect_when_idle();
  void leave(Error reason);

  Settings settings_;
  SSHServer& server_;
  std::shared_ptr<net::Connection> connection_;
  ConnectionPlace place_;
  std::string peer_address_;
  std::vector<std::string> methods_;
  std::string user_;
  std::vector<std::string> partial_successes_;
  std::optional<std::string> claimed_user_;   // of the last authentication request
  std::vector<std::string> allowed_methods_;  // that can continue for that user
  std::string password_change_prompt_;        // the password is right, but must be changed first
  std::shared_ptr<AuthDialog> dialog_;        // keyboard-interactive in progress
  TimePoint attempt_began_;
  bool opened_ = false;
  bool authenticated_ = false;
  bool no_more_sessions_ = false;
  bool finishing_ = false;
  ConnectionProtocolSettings protocol_;
  PortForwarding forwarding_;
  std::list<channel::GlobalRequestReceived> global_requests_;
  bool answering_global_requests_ = false;
  std::size_t host_key_proofs_ = 0;
  net::Signal global_request_answered_;
};

}  // namespace hawser::server
