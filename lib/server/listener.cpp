#include "listener.h"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/ip/v6_only.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

namespace hawser::server {

namespace {

// With no file descriptor left accepting fails at once, again and again; some connection will end.
constexpr std::chrono::milliseconds pause_after_failure{100};

Error listen_error(std::error_code code) {
  if (code == asio::error::address_in_use) return Error(Errc::io_error, "the port is in use");
  if (code == asio::error::access_denied) return Error(Errc::io_error, "no permission to listen on the port");
  if (code == std::errc::address_not_available) return Error(Errc::io_error, "the address is not one of this host");
  return Error(Errc::io_error, "cannot listen");
}

}  // namespace

Result<std::shared_ptr<Listener>> Listener::open(asio::io_context& context, const std::string& address,
                                                 std::uint16_t port) {
  std::error_code error;
  asio::ip::tcp::resolver resolver(context);
  const auto found = resolver.resolve(address, std::to_string(port), asio::ip::tcp::resolver::passive, error);
  if (error || found.empty()) return Error(Errc::host_not_found, "the address to listen on");
  std::shared_ptr<Listener> listener(new Listener(context));
  for (const auto& entry : found) {
    asio::ip::tcp::endpoint endpoint = entry.endpoint();
    if (listener->port_ != 0) endpoint.port(listener->port_);  // all on the port that the first one got
    const Result<void> added = listener->add(endpoint);
    if (!added && listener->acceptors_.empty()) return added.error();
  }
  return listener;
}

Result<void> Listener::add(const asio::ip::tcp::endpoint& endpoint) {
  std::error_code error;
  asio::ip::tcp::acceptor acceptor(strand_);
  if (acceptor.open(endpoint.protocol(), error); error) return listen_error(error);
  acceptor.set_option(asio::socket_base::reuse_address(true), error);
  // Of its own family only: "0.0.0.0" and "::" can then share a port, whatever the system's default is.
  if (endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (acceptor.bind(endpoint, error); error) return listen_error(error);
  if (acceptor.listen(asio::socket_base::max_listen_connections, error); error) return listen_error(error);
  port_ = acceptor.local_endpoint(error).port();
  acceptors_.push_back(std::move(acceptor));
  return {};
}

void Listener::accept(std::shared_ptr<Listener> self, Welcome welcome) {
  for (std::size_t i = 0; i != self->acceptors_.size(); ++i) {
    asio::co_spawn(self->strand_, accept_loop(self, i, welcome), asio::detached);
  }
}

void Listener::close(std::shared_ptr<Listener> self) {
  asio::post(self->strand_, [self] {
    std::error_code ignored;
    for (asio::ip::tcp::acceptor& acceptor : self->acceptors_) acceptor.close(ignored);
  });
}

net::Awaitable<void> Listener::accept_loop(std::shared_ptr<Listener> self, std::size_t index, Welcome welcome) {
  asio::ip::tcp::acceptor& acceptor = self->acceptors_[index];
  while (acceptor.is_open()) {
    const asio::any_io_executor strand = asio::make_strand(self->context_);
    asio::ip::tcp::socket socket(strand);
    std::error_code error;
    co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      welcome(std::move(socket), strand);
    } else if (acceptor.is_open()) {
      asio::steady_timer timer(self->strand_, pause_after_failure);
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
}

}  // namespace hawser::server
