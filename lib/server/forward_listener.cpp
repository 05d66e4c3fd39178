#include "forward_listener.h"

#include <sys/stat.h>
#include <unistd.h>

#include <asio/ip/tcp.hpp>
#include <asio/ip/v6_only.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include "accept_pause.h"
#include "hawser/channel/request_bodies.h"
#include "hawser/net/relay.h"
#include "hawser/net/spawn.h"
#include "unix_path.h"

namespace hawser::server {
namespace {

constexpr int backlog = 64;

struct Originator {
  std::string address;
  std::uint32_t port = 0;
};

Originator originator_of(const asio::generic::stream_protocol::socket& socket) {
  std::error_code error;
  const asio::generic::stream_protocol::endpoint peer = socket.remote_endpoint(error);
  asio::ip::tcp::endpoint endpoint;
  if (error || peer.size() > endpoint.capacity()) return {};  // gone again
  std::memcpy(endpoint.data(), peer.data(), peer.size());
  endpoint.resize(peer.size());
  return {endpoint.address().to_string(), endpoint.port()};
}

}  // namespace

Result<std::vector<asio::ip::address>> addresses_to_bind(const std::string& name) {
  using asio::ip::address_v4, asio::ip::address_v6;
  if (name.empty()) return std::vector<asio::ip::address>{address_v4::any(), address_v6::any()};
  if (name == "localhost") return std::vector<asio::ip::address>{address_v4::loopback(), address_v6::loopback()};
  std::error_code error;
  const asio::ip::address address = asio::ip::make_address(name, error);
  if (error) return Error(Errc::not_found, "not an address");
  return std::vector<asio::ip::address>{address};
}

bool only_loopback(const std::vector<asio::ip::address>& addresses) {
  return std::ranges::all_of(addresses, [](const asio::ip::address& address) { return address.is_loopback(); });
}

ForwardListener::ForwardListener(std::shared_ptr<net::Connection> connection,
                                 std::shared_ptr<PendingConnections> pending, std::string name)
    : connection_(std::move(connection)), pending_(std::move(pending)), name_(std::move(name)) {}

ForwardListener::~ForwardListener() { remove_path(); }

Result<std::shared_ptr<ForwardListener>> ForwardListener::tcp(std::shared_ptr<net::Connection> connection,
                                                              std::shared_ptr<PendingConnections> pending,
                                                              std::string name,
                                                              const std::vector<asio::ip::address>& addresses,
                                                              std::uint16_t port) {
  std::shared_ptr<ForwardListener> self(
      new ForwardListener(std::move(connection), std::move(pending), std::move(name)));
  self->port_ = port;
  for (const asio::ip::address& address : addresses) {
    const Result<void> added = self->add({address, self->port_});
    if (!added && self->acceptors_.empty()) return added.error();
  }
  return self;
}

Result<void> ForwardListener::add(asio::ip::tcp::endpoint endpoint) {
  std::error_code error;
  Acceptor acceptor(connection_->executor());
  if (acceptor.open(endpoint.protocol(), error); error) return Error(Errc::io_error, "socket");
  acceptor.set_option(asio::socket_base::reuse_address(true), error);
  // Of its own family only: the two wildcard addresses can then share a port, whatever the system's default is.
  if (endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (acceptor.bind(endpoint, error); error) return Error(Errc::io_error, "bind");
  if (acceptor.listen(backlog, error); error) return Error(Errc::io_error, "listen");
  if (port_ == 0) {
    const asio::generic::stream_protocol::endpoint bound = acceptor.local_endpoint(error);
    std::memcpy(endpoint.data(), bound.data(), std::min<std::size_t>(bound.size(), endpoint.capacity()));
    port_ = endpoint.port();
  }
  acceptors_.push_back(std::move(acceptor));
  return {};
}

Result<std::shared_ptr<ForwardListener>> ForwardListener::unix_socket(std::shared_ptr<net::Connection> connection,
                                                                      std::shared_ptr<PendingConnections> pending,
                                                                      std::string path) {
  if (!is_socket_path(path)) return Error(Errc::invalid_argument, "the path of a socket");
  std::shared_ptr<ForwardListener> self(
      new ForwardListener(std::move(connection), std::move(pending), std::move(path)));
  if (Result<void> bound = self->bind_path(); !bound) return bound.error();
  return self;
}

Result<void> ForwardListener::bind_path() {
  std::error_code error;
  const asio::local::stream_protocol::endpoint endpoint(name_);
  Acceptor acceptor(connection_->executor());
  if (acceptor.open(endpoint.protocol(), error); error) return Error(Errc::io_error, "socket");
  if (acceptor.bind(endpoint, error); error) return Error(Errc::io_error, "bind");
  struct stat status {};
  if (::lstat(name_.c_str(), &status) == 0) {
    is_path_ = true;
    device_ = status.st_dev;
    inode_ = status.st_ino;
  }
  // Before `listen` nobody can connect, so nobody does before the mode is set.
  if (::chmod(name_.c_str(), 0600) != 0) return Error(Errc::io_error, "chmod");
  if (acceptor.listen(backlog, error); error) return Error(Errc::io_error, "listen");
  acceptors_.push_back(std::move(acceptor));
  return {};
}

void ForwardListener::close() {
  std::error_code ignored;
  for (Acceptor& acceptor : acceptors_) acceptor.close(ignored);
  pending_->changed.notify();
  remove_path();
}

void ForwardListener::remove_path() {
  if (!std::exchange(is_path_, false)) return;
  struct stat status {};
  if (::lstat(name_.c_str(), &status) != 0 || status.st_dev != device_ || status.st_ino != inode_) return;
  ::unlink(name_.c_str());
}

void ForwardListener::accept() {
  for (std::size_t i = 0; i != acceptors_.size(); ++i) {
    net::spawn(connection_->executor(), accept_loop(shared_from_this(), i));
  }
}

Awaitable<void> ForwardListener::accept_loop(std::shared_ptr<ForwardListener> self, std::size_t index) {
  Acceptor& acceptor = self->acceptors_[index];
  while (acceptor.is_open()) {
    if (self->pending_->count >= self->pending_->limit) {
      co_await self->pending_->changed.wait();
      continue;
    }
    Socket socket(self->connection_->executor());
    std::error_code error;
    co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      ++self->pending_->count;
      net::spawn(self->connection_->executor(), hand_over(self, std::move(socket)));
    } else if (acceptor.is_open()) {
      asio::steady_timer timer(self->connection_->executor(), pause_after_failure);
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
}

Awaitable<void> ForwardListener::hand_over(std::shared_ptr<ForwardListener> self, Socket socket) {
  std::string type;
  ByteVector specific;
  self->open_body(socket, type, specific);
  Awaitable<Result<std::shared_ptr<net::Channel>>> opening =
      self->connection_->open_channel(std::move(type), std::move(specific));
  const Result<std::shared_ptr<net::Channel>> channel = co_await std::move(opening);
  --self->pending_->count;
  self->pending_->changed.notify();
  if (!channel) co_return;  // the client does not want it: the socket closes
  net::spawn((*channel)->executor(), net::refuse_requests(*channel));
  Awaitable<void> carried = net::relay(*channel, net::socket_stream(std::move(socket)));
  co_await std::move(carried);
}

void ForwardListener::open_body(const Socket& socket, std::string& type, ByteVector& specific) const {
  if (port_ == 0) {
    type = channel::ForwardedStreamlocalOpen::type;
    specific = wire::encode(channel::ForwardedStreamlocalOpen{name_, {}});
    return;
  }
  const Originator originator = originator_of(socket);
  type = channel::ForwardedTcpipOpen::type;
  // The address as it was asked for: by that, and the port, the client knows its forwardings apart.
  specific = wire::encode(channel::ForwardedTcpipOpen{name_, port_, originator.address, originator.port});
}

}  // namespace hawser::server
