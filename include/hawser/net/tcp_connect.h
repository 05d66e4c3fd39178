// Name lookup and TCP connect under one deadline.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "hawser/net/byte_channel.h"
#include "hawser/net/signal.h"
#include "hawser/net/stream.h"

namespace hawser::net {

struct TcpConnected {
  std::unique_ptr<Stream> stream;  // null: what follows says why
  Error error{Errc::ok};           // host_not_found, connect_failed, timed_out, cancelled
  bool looked_up = false;          // the host has addresses
  std::string detail;              // the system's reason
};

// How many names may be looked up at a time, by attempts that share it: the system's lookups run one after the other,
// and a name server that does not answer would hold up those of everybody else. Not thread-safe.
class LookupLimit {
 public:
  LookupLimit(const asio::any_io_executor& executor, std::size_t limit) : left_(limit), changed_(executor) {}

  bool enter() {
    if (left_ == 0) return false;
    --left_;
    return true;
  }
  void leave() {
    ++left_;
    changed_.notify();
  }
  // Until something may have changed: a place, or what else `notify` tells of.
  Awaitable<void> wait() { return changed_.wait(); }
  void notify() { changed_.notify(); }

 private:
  std::size_t left_;
  Signal changed_;
};

// One attempt. Not thread-safe: `cancel` is called on the attempt's executor.
class TcpAttempt : public std::enable_shared_from_this<TcpAttempt> {
 public:
  // `lookups`: none, no limit.
  explicit TcpAttempt(const asio::any_io_executor& executor, std::shared_ptr<LookupLimit> lookups = nullptr);
  ~TcpAttempt();

  // Once. Each address of the host in turn; one that is given as an address is not looked up. A host that does not
  // resolve now but may later gives connect_failed.
  Awaitable<TcpConnected> connect(std::string host, std::uint16_t port, std::chrono::milliseconds timeout);
  void cancel();

 private:
  struct State;
  static Awaitable<void> look_up(std::shared_ptr<State> state, std::string host, std::uint16_t port);
  std::shared_ptr<State> state_;
};

// The same for who has no need to cancel.
Awaitable<TcpConnected> tcp_connect(std::string host, std::uint16_t port, std::chrono::milliseconds timeout);

}  // namespace hawser::net
