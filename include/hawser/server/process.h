// A program on a session channel, as its author sees it: what an accepted exec, shell or subsystem request runs with.
//
//   Awaitable<std::uint32_t> handle_exec(ServerConnection&, std::shared_ptr<Process> process, std::string command)
//   override {
//     const Result<Payload> line = co_await process->read();
//     if (!line || line->empty()) co_return 1;              // the connection broke, or standard input has ended
//     const Result<void> written = co_await process->write("got it\n");
//     co_return written ? 0 : 1;                            // the exit status
//   }
//
// Reading gives what the client sent, as it comes; a program that does not read holds the client back. Writing waits
// while the client takes no more. After the connection has gone every call fails with the reason.
//
// Where the client asked for a terminal, `terminal()` describes it. None is made: line editing, echo and CR LF are the
// program's, and a client behind a terminal in raw mode sends CR for the return key and wants CR LF at the end of a
// line.
//
// Not thread-safe: everything is called on the channel's executor, where the handler runs.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "hawser/channel/terminal.h"
#include "hawser/net/channel.h"

namespace hawser::server {

using channel::Terminal;
using channel::TerminalSize;
using net::Awaitable;
using net::ExitSignal;

// RFC 4254 §6.3.1: what to answer X clients with that the program's side is asked to let in.
struct X11Forwarding {
  bool single_connection = false;
  std::string authentication_protocol;
  std::string authentication_cookie;
  std::uint32_t screen_number = 0;
};

struct WindowChanged {
  TerminalSize size;
};
struct SignalReceived {
  std::string name;  // without "SIG" (RFC 4254 §6.10), or a local name with "@"
};
struct BreakReceived {
  std::chrono::milliseconds length{0};  // RFC 4335 §3; 0: the program's own choice
};
using ProcessEvent = std::variant<WindowChanged, SignalReceived, BreakReceived>;

// What the client set up before the program started.
struct ProcessSettings {
  std::vector<std::pair<std::string, std::string>> environment;  // what check_channel_env_request accepted, in order
  std::optional<Terminal> terminal;
  std::optional<X11Forwarding> x11;  // accepted by check_channel_x11_request
  bool agent_forwarding = false;     // accepted by check_channel_agent_request: "auth-agent@openssh.com" may be opened
};

class Process {
 public:
  Process(std::shared_ptr<net::Channel> channel, ProcessSettings settings);
  ~Process();

  const std::vector<std::pair<std::string, std::string>>& environment() const { return settings_.environment; }
  // Its size is always the latest.
  const std::optional<Terminal>& terminal() const { return settings_.terminal; }
  const std::optional<X11Forwarding>& x11() const { return settings_.x11; }
  bool agent_forwarding() const { return settings_.agent_forwarding; }

  // Standard input: the next piece, of 1 byte to one packet; empty at its end. One reader at a time.
  Awaitable<Result<Payload>> read();
  // Standard output and standard error. The bytes must stay until the call returns. Errors: why nobody reads any more.
  Awaitable<Result<void>> write(Bytes data) { return channel_->write(data); }
  Awaitable<Result<void>> write(std::string_view text) { return channel_->write(as_bytes(text)); }
  Awaitable<Result<void>> write_error(Bytes data) { return channel_->write_stderr(data); }
  Awaitable<Result<void>> write_error(std::string_view text) { return channel_->write_stderr(as_bytes(text)); }

  // Signals, breaks and window changes, as they come. One that is still waiting is not told twice, so that a client can
  // pile up nothing. Errors: end_of_file once the channel has closed, or why it broke. One waiter at a time.
  Awaitable<Result<ProcessEvent>> next_event();

  // Ends the program: what was written before goes out, then the status or signal, then the channel closes. A handler's
  // return value does the same; what is said first counts.
  void exit(std::uint32_t status) { channel_->exit(status); }
  void exit(const ExitSignal& signal) { channel_->exit(signal); }
  // Tells the client's terminal whether control-S and control-Q are its own to handle (RFC 4254 §6.8).
  void set_flow_control(bool client_can_do);

  // The channel beneath, for what works on a net::ByteChannel, such as an SFTPServer: use either it or `read` and
  // `write`.
  const std::shared_ptr<net::Channel>& channel() const { return channel_; }

  // The library tells.
  void deliver(ProcessEvent event);
  void channel_closed();

 private:
  std::shared_ptr<net::Channel> channel_;
  ProcessSettings settings_;
  std::deque<ProcessEvent> events_;
  net::Signal changed_;
  bool closed_ = false;
};

}  // namespace hawser::server
