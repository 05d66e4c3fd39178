// Clients behind a proxy that speaks the PROXY protocol.
#include <asio/write.hpp>

#include "ssh_fixture.h"

namespace hawser::test {

using server::AddressRange;
using server::Rejection;
using server::TcpEndpoint;

namespace {

struct ProxiedServer : ServerFixture {
  std::uint16_t start_proxied() {
    options.endpoints = {
        {.where = TcpEndpoint{.address = "127.0.0.1", .port = 0}, .proxy = {.required = true, .trusted = trusted}}};
    options.penalties.exempt.clear();
    return start();
  }
  // A connection on which the proxy has said this.
  std::function<TestClient::Socket(asio::io_context&)> through(std::string header) const {
    return [header, port = manager->port()](asio::io_context& io) {
      asio::ip::tcp::socket socket(io);
      socket.connect({asio::ip::address_v4::loopback(), port});
      asio::write(socket, asio::buffer(header));
      return TestClient::Socket(std::move(socket));
    };
  }
  bool login_through(std::string header) {
    TestClient client(through(std::move(header)));
    return client.login();
  }
  std::vector<AddressRange> trusted;
};

constexpr const char* header = "PROXY TCP4 192.0.2.1 198.51.100.2 50022 22\r\n";

}  // namespace

TEST_CASE_FIXTURE(ProxiedServer, "PROXY protocol: the client's own address is what hooks, ids and limits see") {
  options.connections_per_address = 1;
  start_proxied();
  TestClient first(through(header));
  REQUIRE(first.login());
  CHECK(manager->get_active_connections().at(0).starts_with("192.0.2.1:50022:"));
  CHECK_FALSE(login_through("PROXY TCP4 192.0.2.1 198.51.100.2 50023 22\r\n"));
  CHECK(login_through("PROXY TCP4 192.0.2.2 198.51.100.2 50023 22\r\n"));
  CHECK(login_through("PROXY TCP6 2001:db8::1 ::1 50023 22\r\n"));
  CHECK(eventually([&] { return manager->stats().rejected[Rejection::address] == 1; }));
}

TEST_CASE_FIXTURE(ProxiedServer, "PROXY protocol: version 2, and the proxy's own connections keep its address") {
  start_proxied();
  const std::string signature("\r\n\r\n\0\r\nQUIT\n", 12);
  TestClient client(through(
      signature + std::string("\x21\x11\x00\x0f\xc0\x00\x02\x09\xc6\x33\x64\x02\x00\x07\x00\x16\x04\x00\x00", 19)));
  REQUIRE(client.login());
  CHECK(manager->get_active_connections().at(0).starts_with("192.0.2.9:7:"));
  for (const std::string& own : {signature + std::string("\x20\x00\x00\x00", 4), std::string("PROXY UNKNOWN\r\n")}) {
    TestClient proxy(through(own));
    REQUIRE(proxy.login());
    CHECK(manager->get_active_connections().at(0).starts_with("127.0.0.1:"));
  }
}

TEST_CASE_FIXTURE(ProxiedServer,
                  "[proxy-header] PROXY protocol: where it is required a connection without a valid header is closed") {
  start_proxied();
  std::uint64_t closed = 0;
  for (const char* text : {"", "SSH-2.0-client\r\n", "PROXY TCP4 192.0.2.1\r\n", "PROXY NONSENSE 1 2 3 4\r\n"}) {
    CAPTURE(text);
    CHECK_FALSE(login_through(text));  // the client's identification follows: no header either
    ++closed;
    CHECK(eventually([&] { return manager->stats().rejected[Rejection::proxy_header] == closed; }));
  }
  CHECK(eventually([&] { return manager->get_connection_count() == 0; }));
  CHECK_FALSE(server->called("connection opened"));
}

TEST_CASE("[proxy-header] PROXY protocol: only trusted proxies may say who their client is") {
  ProxiedServer fixture;
  bool good = false;
  SUBCASE("of this network") {
    fixture.trusted = {AddressRange::ipv4_loopback()};
    good = true;
  }
  SUBCASE("of another") { fixture.trusted = {*AddressRange::parse("192.0.2.0/24")}; }
  fixture.start_proxied();
  CHECK(fixture.login_through(header) == good);
  CHECK(fixture.manager->stats().rejected[Rejection::untrusted_proxy] == (good ? 0 : 1));
}

TEST_CASE_FIXTURE(ProxiedServer, "PROXY protocol: waiting for the header is part of the login's time") {
  options.session.login_time = std::chrono::milliseconds(50);
  start_proxied();
  TestClient silent(through("PROXY TCP4 192"));  // and never more: the client itself does not speak before run()
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), manager->port()});
  CHECK(eventually([&] { return manager->stats().rejected[Rejection::proxy_header] == 2; }));
  CHECK(eventually([&] { return manager->get_connection_count() == 0; }));
  std::array<char, 16> bytes;
  std::error_code error;
  CHECK(socket.read_some(asio::buffer(bytes), error) == 0);
  CHECK(error);
}

TEST_CASE_FIXTURE(ProxiedServer, "PROXY protocol: a connection that waits for its header does not hold up stop") {
  options.stop_time = std::chrono::hours(1);
  start_proxied();
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), manager->port()});
  REQUIRE(eventually([&] { return manager->get_connection_count() == 1; }));
  manager->stop();
  CHECK(manager->get_connection_count() == 0);
}

TEST_CASE_FIXTURE(ProxiedServer, "PROXY protocol: a penalty is the client's, not the proxy's") {
  options.penalties.threshold = std::chrono::milliseconds(0);
  options.penalties.protocol_error = std::chrono::hours(1);
  start_proxied();
  CHECK_FALSE(login_through(std::string(header) + "no SSH at all\r\n\r\n"));
  CHECK(eventually([&] { return manager->stats().ended[server::Ending::protocol_error] == 1; }));
  CHECK_FALSE(login_through(header));
  CHECK(eventually([&] { return manager->stats().rejected[Rejection::penalty] == 1; }));
  CHECK(login_through("PROXY TCP4 192.0.2.2 198.51.100.2 1 22\r\n"));
}

}  // namespace hawser::test
