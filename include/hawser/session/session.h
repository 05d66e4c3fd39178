// A whole SSH session, sans I/O: transport, authentication and channels composed, each reachable for what it does, and
// one stream of events. It owns the three and starts them in order: transport, then authentication once keys are
// exchanged, then channels once authentication has succeeded.
//
// Driven like a transport: `receive_space`, `received`, `next` until nullopt, write what `transmit` shows, `tick` by
// `deadline`. An error from `next()` is the end; the DISCONNECT for the peer is in `transmit()` by then.
#pragma once

#include "hawser/auth/userauth_client.h"
#include "hawser/auth/userauth_server.h"
#include "hawser/channel/multiplexer.h"
#include "hawser/transport/transport.h"

namespace hawser::session {

struct SessionConfig {
  transport::TransportConfig transport;
  auth::UserauthServerConfig userauth;  // server
  std::string user;                     // client
  channel::ChannelLimits channels;
  std::chrono::milliseconds login_time = std::chrono::seconds(30);    // identification to authentication; 0: unlimited
  std::chrono::seconds keepalive_interval = std::chrono::seconds(0);  // 0: no keepalive@openssh.com
  unsigned keepalive_count = 3;  // unanswered ones that end the session (Errc::keepalive_timeout)
  std::chrono::seconds idle_time =
      std::chrono::minutes(15);  // without a packet from the peer, when keepalive is off; 0: unlimited
};

using SessionEvent = std::variant<transport::TransportEvent, auth::UserauthServerEvent, auth::UserauthClientEvent,
                                  channel::ChannelEvent, crypto::WorkDue>;

class Session {
 public:
  Session(Role role, SharedValue<SessionConfig> config, crypto::Random& random, TimePoint now);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  MutableBytes receive_space();
  void received(std::size_t count);
  Result<std::optional<SessionEvent>> next();
  std::span<const Bytes> transmit();
  void transmitted(std::size_t count);
  void tick(TimePoint now);
  std::optional<TimePoint> deadline() const;

  // Server: the work of the last WorkDue has been run (TransportConfig::defer_public_key_work, which stands for that of
  // authentication, too). `next()` gives nothing before that.
  void work_done();
  // Server: the decision on the last AuthRequested. What follows from it comes out of `next()`.
  void answer(auth::AuthResult result, const std::vector<std::string>& methods_that_can_continue);
  // The same for a keyboard-interactive request that goes on: UserauthServer::prompt. An error: nothing was sent, and
  // `answer` is still due; closed where the session is over.
  Result<void> prompt(std::string_view name, std::string_view instruction, const std::vector<auth::Prompt>& prompts);
  // The same for a password request: UserauthServer::ask_for_new_password. Errors as of `prompt`.
  Result<void> ask_for_new_password(std::string_view prompt);
  void disconnect(transport::DisconnectReason reason, std::string_view description);
  // As channels().global_request, but the answers of the session's own keepalive requests are kept apart.
  Result<void> global_request(std::string_view type, bool want_reply, Bytes specific = {});
  // Why the session is over, if it is: `tick`, and whatever sends, may find out as well as `next`.
  std::optional<Error> failure() const;

  transport::Transport& transport();
  auth::UserauthServer& userauth_server();  // server, between the first KeyExchanged and AuthSucceeded
  auth::UserauthClient& userauth_client();  // client, from the first KeyExchanged on
  channel::Multiplexer& channels();         // once `authenticated()`
  bool authenticated() const;
  const std::string& user() const;
  Role role() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hawser::session
