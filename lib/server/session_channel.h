// One session channel of a client (RFC 4254 §6): its requests are decided and answered one after the other, what they
// set up is kept for the program, and an accepted program is started behind the answer.
#pragma once

#include "connection_protocol_settings.h"
#include "hawser/server/process.h"

namespace hawser::server {

class SessionChannel : public std::enable_shared_from_this<SessionChannel> {
 public:
  // `owner` keeps `settings` alive, and is kept for as long as a program runs.
  SessionChannel(std::shared_ptr<void> owner, ConnectionProtocolSettings& settings,
                 std::shared_ptr<net::Channel> channel);

  // Until the channel has closed.
  static Awaitable<void> serve(std::shared_ptr<SessionChannel> self);

 private:
  using Program = Awaitable<void> (SessionChannel::*)(std::string);
  struct Decision {
    bool accepted = false;
    Program program = nullptr;  // to be started
    std::string argument;       // the command, or the subsystem's name
  };

  Awaitable<Decision> decide(const channel::RequestReceived& request);
  // Before a program runs: what sets up its surroundings.
  Awaitable<bool> on_pty(Bytes specific);
  Awaitable<bool> on_env(Bytes specific);
  Awaitable<bool> on_x11(Bytes specific);
  Awaitable<bool> on_agent(Bytes specific);
  // The program itself (RFC 4254 §6.5).
  Awaitable<Decision> on_exec(Bytes specific);
  Awaitable<Decision> on_shell(Bytes specific);
  Awaitable<Decision> on_subsystem(Bytes specific);
  template <class Ask>
  Awaitable<Decision> decide_program(Decision wanted, const char* hook, Ask ask);
  // At any time.
  Awaitable<bool> on_window_change(Bytes specific);
  Awaitable<bool> on_signal(Bytes specific);
  Awaitable<bool> on_break(Bytes specific);

  static Awaitable<void> run(std::shared_ptr<SessionChannel> self, Program program, std::string argument);
  Awaitable<void> run_exec(std::string command);
  Awaitable<void> run_shell(std::string);
  Awaitable<void> run_subsystem(std::string name);

  struct Request;
  static const Request* find_request(std::string_view type);

  std::shared_ptr<void> owner_;
  ConnectionProtocolSettings& settings_;
  std::shared_ptr<net::Channel> channel_;
  ProcessSettings process_settings_;
  std::size_t environment_bytes_ = 0;
  std::shared_ptr<Process> process_;  // once a program has been accepted
};

}  // namespace hawser::server
