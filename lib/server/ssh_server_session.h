// One connection of an SSHServer: turns what the connection asks into hook calls, and their answers into replies.
#pragma once

#include "connection_registry.h"
#include "hawser/server/ssh_server.h"

namespace hawser::server {

class SSHServerSession final : public ServerConnection,
                               public net::ConnectionHandler,
                               public std::enable_shared_from_this<SSHServerSession> {
 public:
  struct Settings {
    std::shared_ptr<SSHServer> server;
    std::shared_ptr<ConnectionRegistry> registry;
    std::chrono::milliseconds auth_failure_delay{0};
    std::shared_ptr<Log> log;
  };

  // `address` is the peer's without its port, as the registry has admitted it.
  SSHServerSession(Settings settings, std::shared_ptr<net::Connection> connection, std::string address);

  static Awaitable<void> run(std::shared_ptr<SSHServerSession> self);
  // Ends as soon as no channel is open. From any thread.
  void finish();

  const std::string& id() const override { return id_; }
  const std::string& peer_address() const override { return peer_address_; }
  const std::string& user() const override { return user_; }
  bool authenticated() const override { return authenticated_; }
  const std::vector<std::string>& partial_successes() const override { return partial_successes_; }
  const transport::Negotiated& negotiated() const override { return connection_->session().transport().negotiated(); }
  const std::string& peer_identification() const override {
    return connection_->session().transport().peer_identification();
  }
  void close() override;
  net::Connection& connection() override { return *connection_; }

 private:
  using Self = std::shared_ptr<SSHServerSession>;
  using ChannelPointer = std::shared_ptr<net::Channel>;

  Awaitable<void> on_transport_event(transport::TransportEvent event) override;
  Awaitable<void> on_userauth_request(auth::UserauthServerEvent event) override;
  void on_channel_requested(channel::OpenRequested request) override;
  Awaitable<void> on_global_request(channel::GlobalRequestReceived request) override;

  Awaitable<AuthResult> judge(const auth::AuthRequested& request);
  Awaitable<AuthResult> judge_password(const std::string& user, const auth::PasswordRequest& request);
  Awaitable<void> answer_auth(auth::AuthRequested request);
  void succeeded(const auth::AuthSucceeded& success);

  static Awaitable<void> open_channel(Self self, channel::OpenRequested request);
  Awaitable<void> serve_channel(ChannelPointer channel);
  Awaitable<bool> decide(net::Channel& channel, const channel::RequestReceived& request, bool& started);
  Awaitable<bool> decide_program(net::Channel& channel, const channel::RequestReceived& request, bool& started);
  static Awaitable<void> run_program(Self self, ChannelPointer channel, channel::RequestReceived request);
  static Awaitable<void> run_channel(Self self, ChannelPointer channel, channel::OpenRequested request);
  Awaitable<bool> decide_global(const channel::GlobalRequestReceived& request);
  void disconnect_when_idle();

  // Asks a hook; an exception from it is the answer `denial`.
  template <class Answer, class Call>
  Awaitable<Answer> ask(const char* hook, Answer denial, Call call) {
    try {
      Awaitable<Answer> asked = call();
      Answer answer = co_await std::move(asked);
      co_return answer;
    } catch (const std::exception& e) {
      log_exception(hook, e.what());
    } catch (...) {
      log_exception(hook, "not a std::exception");
    }
    co_return denial;
  }
  // Runs what an accepted request asked for.
  template <class Call>
  Awaitable<void> run_hook(const char* hook, Call call) {
    try {
      Awaitable<void> running = call();
      co_await std::move(running);
    } catch (const std::exception& e) {
      log_exception(hook, e.what());
    } catch (...) {
      log_exception(hook, "not a std::exception");
    }
  }
  // Tells a hook.
  template <class Call>
  void tell(const char* hook, Call call) {
    try {
      call();
    } catch (const std::exception& e) {
      log_exception(hook, e.what());
    } catch (...) {
      log_exception(hook, "not a std::exception");
    }
  }
  void log_exception(const char* hook, const char* what);
  void log(LogLevel level, const std::string& text);

  Settings settings_;
  SSHServer& server_;
  std::shared_ptr<net::Connection> connection_;
  std::string address_;
  std::string peer_address_;
  std::string id_;
  std::vector<std::string> methods_;
  std::string user_;
  std::vector<std::string> partial_successes_;
  bool opened_ = false;
  bool authenticated_ = false;
  bool no_more_sessions_ = false;
  bool finishing_ = false;
};

}  // namespace hawser::server
