// A program that runs on the server, as its user sees it (RFC 4254 §6): what `Client::exec` and `Client::shell` give.
//
//   Result<std::shared_ptr<RemoteProcess>> process = co_await client->exec("wc -c");
//   co_await (*process)->write("four");
//   (*process)->end_input();
//   Result<Payload> count = co_await (*process)->read();           // "4\n", or a part of it
//   Result<ProcessEnd> end = co_await (*process)->wait();
//
// A program whose output nobody reads is held back once the window is full, and never ends. The connection is kept by
// what is read from; after it has gone every call fails with the reason. Dropping the process closes its channel: the
// program is told, if it reads or writes, and goes on otherwise.
//
// Not thread-safe: everything is called on the client's executor.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hawser/channel/terminal.h"
#include "hawser/net/channel.h"

namespace hawser::client {

template <class T>
using Awaitable = net::Awaitable<T>;

struct ProcessOptions {
  // Asked for, not insisted on: most servers take few names or none.
  std::vector<std::pair<std::string, std::string>> environment;
  std::optional<channel::Terminal> terminal;  // a server that makes none refuses the program: request_refused
};

// At most one of both; neither where the server did not tell.
struct ProcessEnd {
  std::optional<std::uint32_t> status;
  std::optional<net::ExitSignal> signal;

  bool success() const { return status == 0u; }
};

struct ProcessOutput {
  ByteVector output;
  ByteVector errors;
  ProcessEnd end;
};

class RemoteProcess {
 public:
  explicit RemoteProcess(std::shared_ptr<net::Channel> channel) : channel_(std::move(channel)) {}
  ~RemoteProcess();
  RemoteProcess(const RemoteProcess&) = delete;
  RemoteProcess& operator=(const RemoteProcess&) = delete;

  // Standard output and standard error: the next piece, of 1 byte to one packet; empty at the end. One reader of each
  // at a time. With a terminal everything is standard output.
  Awaitable<Result<Payload>> read();
  Awaitable<Result<Payload>> read_error();
  // Standard input. The bytes must stay until the call returns, which waits while the program takes no more. Errors:
  // closed (it reads no more), end_of_file (it has ended), invalid_state (after `end_input`), or why the connection
  // broke.
  Awaitable<Result<void>> write(Bytes data) { return channel_->write(data); }
  Awaitable<Result<void>> write(std::string_view text) { return channel_->write(as_bytes(text)); }
  void end_input() { channel_->send_eof(); }

  // Neither is answered by the server (RFC 4254 §6.9, §6.7). The name stands without "SIG".
  void send_signal(std::string_view name);
  void resize(const channel::TerminalSize& size);
  // Whether the server can (RFC 4335 §3). 0: a length of its own choice.
  Awaitable<Result<bool>> send_break(std::chrono::milliseconds length = std::chrono::milliseconds(0));

  // Returns once the channel has closed. What was not read by then can still be read.
  Awaitable<Result<ProcessEnd>> wait();

  const std::shared_ptr<net::Channel>& channel() const { return channel_; }

 private:
  std::shared_ptr<net::Channel> channel_;
};

// Gives the program this input, and everything it says, once it has ended. Errors: message_too_large where it says more
// than `output_limit` bytes, which ends it; else those of `wait`. Cancelled, it closes the program's channel.
Awaitable<Result<ProcessOutput>> communicate(std::shared_ptr<RemoteProcess> process, ByteVector input,
                                             std::size_t output_limit);

}  // namespace hawser::client
