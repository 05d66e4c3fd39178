// One forwarding that a client has asked for: listens here, and opens a channel to the client for everyone who
// connects (RFC 4254 §7.1, OpenSSH PROTOCOL §2.4).
#pragma once

#include <asio/basic_socket_acceptor.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/ip/address.hpp>
#include <asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <vector>

#include "hawser/net/connection.h"

namespace hawser::server {

using net::Awaitable;

// RFC 4254 §7.1: "" is every address, "localhost" the loopback ones, "0.0.0.0" and "::" every one of their family; else
// an address of this host. Names are not looked up. Error: not_found.
Result<std::vector<asio::ip::address>> addresses_to_bind(const std::string& name);
bool only_loopback(const std::vector<asio::ip::address>& addresses);

// Connections that wait for the client to take them, over all listeners of one connection.
struct PendingConnections {
  PendingConnections(const asio::any_io_executor& executor, std::size_t most) : limit(most), changed(executor) {}
  const std::size_t limit;
  std::size_t count = 0;
  net::Signal changed;
};

class ForwardListener : public std::enable_shared_from_this<ForwardListener> {
 public:
  // `port` 0 takes a free one, the same on every address. The first address must work. Error: io_error.
  static Result<std::shared_ptr<ForwardListener>> tcp(std::shared_ptr<net::Connection> connection,
                                                      std::shared_ptr<PendingConnections> pending, std::string name,
                                                      const std::vector<asio::ip::address>& addresses,
                                                      std::uint16_t port);
  // The path must be absolute and not exist; the socket is made with mode 0600 and removed by `close`. Errors:
  // invalid_argument, io_error.
  static Result<std::shared_ptr<ForwardListener>> unix_socket(std::shared_ptr<net::Connection> connection,
                                                              std::shared_ptr<PendingConnections> pending,
                                                              std::string path);
  ~ForwardListener();

  // Until `close`.
  void accept();
  // No new connections; those that are being carried go on.
  void close();

  const std::string& name() const { return name_; }  // the address as the client wrote it, or the path
  std::uint16_t port() const { return port_; }       // 0 for a Unix socket

 private:
  using Socket = asio::generic::stream_protocol::socket;
  using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

  ForwardListener(std::shared_ptr<net::Connection> connection, std::shared_ptr<PendingConnections> pending,
                  std::string name);
  Result<void> add(asio::ip::tcp::endpoint endpoint);
  Result<void> bind_path();
  void remove_path();
  static Awaitable<void> accept_loop(std::shared_ptr<ForwardListener> self, std::size_t index);
  static Awaitable<void> hand_over(std::shared_ptr<ForwardListener> self, Socket socket);
  void open_body(const Socket& socket, std::string& type, ByteVector& specific) const;

  std::shared_ptr<net::Connection> connection_;
  std::shared_ptr<PendingConnections> pending_;
  std::string name_;
  std::uint16_t port_ = 0;
  std::vector<Acceptor> acceptors_;
  // A Unix socket's file, to remove no other.
  bool is_path_ = false;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
};

}  // namespace hawser::server
