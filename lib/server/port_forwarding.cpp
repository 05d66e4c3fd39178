#include "port_forwarding.h"

#include <algorithm>
#include <asio/local/stream_protocol.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include "unix_path.h"

namespace hawser::server {

namespace {

// Of one connection, at a time; the others wait their turn, within their time to connect.
constexpr std::size_t lookups_at_a_time = 2;

}  // namespace

PortForwarding::PortForwarding(std::shared_ptr<net::Connection> connection, const ConnectionProtocolOptions& options)
    : connection_(std::move(connection)),
      options_(options),
      pending_(std::make_shared<PendingConnections>(connection_->executor(), options.pending_forwarded_connections)),
      lookups_(std::make_shared<net::LookupLimit>(connection_->executor(), lookups_at_a_time)) {}

Result<void> PortForwarding::room() const {
  if (closed_) return Error(Errc::closed);
  if (listeners_.size() >= options_.forward_listeners) return Error(Errc::too_many_requests, "forwardings");
  return {};
}

void PortForwarding::keep(std::shared_ptr<ForwardListener> listener) {
  listener->accept();
  listeners_.push_back(std::move(listener));
}

Result<std::uint16_t> PortForwarding::listen(const std::string& name, const std::vector<asio::ip::address>& addresses,
                                             std::uint16_t port) {
  if (Result<void> allowed = room(); !allowed) return allowed.error();
  auto listener = ForwardListener::tcp(connection_, pending_, name, addresses, port);
  if (!listener) return listener.error();
  const std::uint16_t bound = (*listener)->port();
  keep(std::move(*listener));
  return bound;
}

Result<void> PortForwarding::listen(const std::string& path) {
  if (Result<void> allowed = room(); !allowed) return allowed.error();
  auto listener = ForwardListener::unix_socket(connection_, pending_, path);
  if (!listener) return listener.error();
  keep(std::move(*listener));
  return {};
}

bool PortForwarding::cancel(const std::string& name, std::uint32_t port) {
  const auto found = std::ranges::find_if(listeners_, [&](const std::shared_ptr<ForwardListener>& listener) {
    return listener->name() == name && listener->port() == port;
  });
  if (found == listeners_.end()) return false;
  (*found)->close();
  listeners_.erase(found);
  return true;
}

Awaitable<std::unique_ptr<net::Stream>> PortForwarding::connect(std::string host, std::uint16_t port) {
  if (closed_) co_return nullptr;  // while a hook was asked
  const auto attempt = std::make_shared<net::TcpAttempt>(connection_->executor(), lookups_);
  attempts_.push_back(attempt);
  Awaitable<net::TcpConnected> connecting = attempt->connect(std::move(host), port, options_.connect_time);
  net::TcpConnected connected = co_await std::move(connecting);
  std::erase(attempts_, attempt);
  co_return std::move(connected.stream);
}

// Within this host: it succeeds or fails at once.
Awaitable<std::unique_ptr<net::Stream>> PortForwarding::connect(std::string path) {
  if (closed_ || !is_socket_path(path)) co_return nullptr;
  asio::local::stream_protocol::socket socket(connection_->executor());
  const asio::local::stream_protocol::endpoint endpoint(path);
  std::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  co_await socket.async_connect(endpoint, token);
  if (error) co_return nullptr;
  co_return net::socket_stream(asio::generic::stream_protocol::socket(std::move(socket)));
}

void PortForwarding::close() {
  closed_ = true;
  for (const std::shared_ptr<ForwardListener>& listener : listeners_) listener->close();
  listeners_.clear();
  for (const std::shared_ptr<net::TcpAttempt>& attempt : attempts_) attempt->cancel();
}

}  // namespace hawser::server
