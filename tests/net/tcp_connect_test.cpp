#include "hawser/net/tcp_connect.h"

#include <doctest/doctest.h>

#include <asio/ip/tcp.hpp>

#include "hawser/net/spawn.h"
#include "support/run_awaitable.h"

using namespace hawser;
using namespace hawser::test;
using namespace std::chrono_literals;

TEST_CASE("tcp connect: an address is not looked up, and waits for no lookup") {
  asio::io_context io;
  const auto no_lookups = std::make_shared<net::LookupLimit>(io.get_executor(), 0);
  for (const char* host : {"127.0.0.1", "::1"}) {
    CAPTURE(host);
    asio::ip::tcp::acceptor acceptor(io);
    const asio::ip::tcp::endpoint any_port(asio::ip::make_address(host), 0);
    std::error_code error;
    acceptor.open(any_port.protocol(), error);
    if (!error) acceptor.bind(any_port, error);
    if (error) continue;  // a machine without IPv6
    acceptor.listen();
    const auto attempt = std::make_shared<net::TcpAttempt>(io.get_executor(), no_lookups);
    const net::TcpConnected connected = run(io, attempt->connect(host, acceptor.local_endpoint().port(), 20s));
    CHECK(connected.stream);
    CHECK(connected.looked_up);
  }
}

TEST_CASE("tcp connect: names wait for their turn to be looked up, and can be cancelled meanwhile") {
  asio::io_context io;
  const auto lookups = std::make_shared<net::LookupLimit>(io.get_executor(), 1);
  REQUIRE(lookups->enter());
  CHECK_FALSE(lookups->enter());
  const auto attempt = std::make_shared<net::TcpAttempt>(io.get_executor(), lookups);
  std::optional<net::TcpConnected> connected;
  const auto connect = [](std::shared_ptr<net::TcpAttempt> one,
                          std::optional<net::TcpConnected>& out) -> net::Awaitable<void> {
    out = co_await one->connect("localhost", 1, 1h);
  };
  net::spawn(io.get_executor(), connect(attempt, connected));
  settle(io);
  CHECK_FALSE(connected);
  attempt->cancel();
  settle(io);
  REQUIRE(connected);
  CHECK(connected->error.code() == Errc::cancelled);
  CHECK_FALSE(connected->looked_up);
  CHECK_FALSE(lookups->enter());  // the place was never its own

  lookups->leave();
  const auto next = std::make_shared<net::TcpAttempt>(io.get_executor(), lookups);
  (void)run(io, next->connect("localhost", 1, 20s));
  CHECK(lookups->enter());  // given back
}
