// Name lookup and TCP connect under one deadline.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "hawser/net/byte_channel.h"
#include "hawser/net/stream.h"

namespace hawser::net {

struct TcpConnected {
  std::unique_ptr<Stream> stream;  // null: what follows says why
  Error error{Errc::ok};           // host_not_found, connect_failed, timed_out, cancelled
  bool looked_up = false;          // the host has addresses
  std::string detail;              // the system's reason
};

// One attempt. Not thread-safe: `cancel` is called on the attempt's executor.
class TcpAttempt : public std::enable_shared_from_this<TcpAttempt> {
 public:
  explicit TcpAttempt(const asio::any_io_executor& executor);
  ~TcpAttempt();

  // Once. Each address of the host in turn. A host that does not resolve now but may later gives connect_failed.
  Awaitable<TcpConnected> connect(std::string host, std::uint16_t port, std::chrono::milliseconds timeout);
  void cancel();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// The same for who has no need to cancel.
Awaitable<TcpConnected> tcp_connect(std::string host, std::uint16_t port, std::chrono::milliseconds timeout);

}  // namespace hawser::net
