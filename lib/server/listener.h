// Listening sockets and their accept loops.
#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <asio/strand.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "hawser/net/byte_channel.h"

namespace hawser::server {

class Listener {
 public:
  // Takes the socket and the strand that it runs on. Called on any thread of the io_context.
  using Welcome = std::function<void(asio::ip::tcp::socket, asio::any_io_executor)>;

  // Every address that the name stands for, all on one port; the first must work. Errors: host_not_found, io_error.
  static Result<std::shared_ptr<Listener>> open(asio::io_context& context, const std::string& address,
                                                std::uint16_t port);
  static void accept(std::shared_ptr<Listener> self, Welcome welcome);
  static void close(std::shared_ptr<Listener> self);

  std::uint16_t port() const { return port_; }

 private:
  explicit Listener(asio::io_context& context) : context_(context), strand_(asio::make_strand(context)) {}
  Result<void> add(const asio::ip::tcp::endpoint& endpoint);
  static net::Awaitable<void> accept_loop(std::shared_ptr<Listener> self, std::size_t index, Welcome welcome);

  asio::io_context& context_;
  asio::strand<asio::io_context::executor_type> strand_;
  std::vector<asio::ip::tcp::acceptor> acceptors_;
  std::uint16_t port_ = 0;
};

}  // namespace hawser::server
