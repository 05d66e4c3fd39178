#include "client/tcp_connect.h"

#include <asio/connect.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

namespace hawser::client {
namespace {

using asio::ip::tcp;

// What the timer stops; shared with its handler, which may run when the coroutine has gone.
struct Attempt {
  explicit Attempt(const asio::any_io_executor& executor) : resolver(executor), socket(executor), timer(executor) {}
  tcp::resolver resolver;
  tcp::socket socket;
  asio::steady_timer timer;
  bool expired = false;
};

TcpConnected failed(ConnectFailure::Stage stage, Errc code, const Attempt& attempt, const asio::error_code& error) {
  TcpConnected result;
  result.failure.stage = stage;
  result.failure.error = Error(attempt.expired ? Errc::timed_out : code);
  if (!attempt.expired) result.failure.detail = error.message();
  return result;
}

}  // namespace

Awaitable<TcpConnected> tcp_connect(std::string host, std::uint16_t port, std::chrono::milliseconds timeout) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto attempt = std::make_shared<Attempt>(executor);
  attempt->timer.expires_after(timeout);
  attempt->timer.async_wait([attempt](const asio::error_code& cancelled) {
    if (cancelled) return;
    attempt->expired = true;
    attempt->resolver.cancel();
    asio::error_code ignored;
    attempt->socket.close(ignored);
  });

  asio::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  const std::string service = std::to_string(port);
  const tcp::resolver::results_type endpoints =
      co_await attempt->resolver.async_resolve(host, service, tcp::resolver::numeric_service, token);
  if (error || attempt->expired) {
    attempt->timer.cancel();
    // A resolver that cannot reach its servers says "try again"; every other answer is final.
    const Errc code = error == asio::error::host_not_found_try_again ? Errc::connect_failed : Errc::host_not_found;
    co_return failed(ConnectFailure::Stage::lookup, code, *attempt, error);
  }
  // One address after the other: async_connect closes and reopens the socket between them.
  const auto go_on = [attempt](const asio::error_code&, const tcp::endpoint&) { return !attempt->expired; };
  co_await asio::async_connect(attempt->socket, endpoints, go_on, token);
  attempt->timer.cancel();
  if (error || attempt->expired)
    co_return failed(ConnectFailure::Stage::connect, Errc::connect_failed, *attempt, error);
  TcpConnected result;
  result.stream = net::socket_stream(std::move(attempt->socket));
  co_return result;
}

}  // namespace hawser::client
