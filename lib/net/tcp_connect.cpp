#include "hawser/net/tcp_connect.h"

#include <asio/connect.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

namespace hawser::net {

using asio::ip::tcp;

// What the timer and `cancel` stop; shared with the timer's handler, which may run when the coroutine has gone.
struct TcpAttempt::State {
  State(const asio::any_io_executor& executor, std::shared_ptr<LookupLimit> lookup_limit)
      : lookups(std::move(lookup_limit)), resolver(executor), socket(executor), timer(executor) {}

  void stop(Errc why) {
    if (stopped != Errc::ok) return;
    stopped = why;
    resolver.cancel();
    if (lookups) lookups->notify();
    asio::error_code ignored;
    socket.close(ignored);
    timer.cancel();
  }
  TcpConnected failed(Errc code, bool looked_up) {
    timer.cancel();
    TcpConnected result;
    result.looked_up = looked_up;
    result.error = Error(stopped == Errc::ok ? code : stopped);
    if (stopped == Errc::ok) result.detail = error.message();
    return result;
  }

  const std::shared_ptr<LookupLimit> lookups;
  tcp::resolver resolver;
  tcp::resolver::results_type endpoints;
  asio::error_code error;
  tcp::socket socket;
  asio::steady_timer timer;
  Errc stopped = Errc::ok;
};

TcpAttempt::TcpAttempt(const asio::any_io_executor& executor, std::shared_ptr<LookupLimit> lookups)
    : state_(std::make_shared<State>(executor, std::move(lookups))) {}
TcpAttempt::~TcpAttempt() = default;

void TcpAttempt::cancel() { state_->stop(Errc::cancelled); }

Awaitable<TcpConnected> TcpAttempt::connect(std::string host, std::uint16_t port, std::chrono::milliseconds timeout) {
  const std::shared_ptr<State> state = state_;
  state->timer.expires_after(timeout);
  state->timer.async_wait([state](const asio::error_code& cancelled) {
    if (!cancelled) state->stop(Errc::timed_out);
  });

  co_await look_up(state, std::move(host), port);
  if (state->error || state->stopped != Errc::ok) {
    // A resolver that cannot reach its servers says "try again"; every other answer is final.
    const bool later = state->error == asio::error::host_not_found_try_again;
    co_return state->failed(later ? Errc::connect_failed : Errc::host_not_found, false);
  }
  // One address after the other: async_connect closes and reopens the socket between them.
  const auto go_on = [state](const asio::error_code&, const tcp::endpoint&) { return state->stopped == Errc::ok; };
  auto token = asio::redirect_error(asio::use_awaitable, state->error);
  co_await asio::async_connect(state->socket, state->endpoints, go_on, token);
  if (state->error || state->stopped != Errc::ok) co_return state->failed(Errc::connect_failed, true);
  state->timer.cancel();
  TcpConnected result;
  result.looked_up = true;
  result.stream = socket_stream(std::move(state->socket));
  co_return result;
}

Awaitable<void> TcpAttempt::look_up(std::shared_ptr<State> state, std::string host, std::uint16_t port) {
  const std::string service = std::to_string(port);
  asio::error_code not_an_address;
  const asio::ip::address address = asio::ip::make_address(host, not_an_address);
  if (!not_an_address) {
    state->endpoints = tcp::resolver::results_type::create(tcp::endpoint(address, port), host, service);
    co_return;
  }
  while (state->lookups && state->stopped == Errc::ok && !state->lookups->enter()) co_await state->lookups->wait();
  if (state->stopped != Errc::ok) co_return;
  auto token = asio::redirect_error(asio::use_awaitable, state->error);
  state->endpoints = co_await state->resolver.async_resolve(host, service, tcp::resolver::numeric_service, token);
  if (state->lookups) state->lookups->leave();
}

Awaitable<TcpConnected> tcp_connect(std::string host, std::uint16_t port, std::chrono::milliseconds timeout) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto attempt = std::make_shared<TcpAttempt>(executor);
  TcpConnected connected = co_await attempt->connect(std::move(host), port, timeout);
  co_return connected;
}

}  // namespace hawser::net
