// Starting, limits, bookkeeping and stopping (contract: SSHServerManager).
#include "ssh_fixture.h"

namespace hawser::test {

namespace {

Errc start_error(std::shared_ptr<server::SSHServer> server, server::SSHServerOptions options) {
  server::SSHServerManager manager(std::move(server), std::move(options));
  const Result<void> started = manager.start();
  CHECK_FALSE(manager.is_running());
  return started ? Errc::ok : started.error().code();
}

}  // namespace

TEST_CASE("ssh server manager: it refuses to start without a host key that may be used, and without authentication") {
  const auto server = std::make_shared<ScriptedServer>();
  server::SSHServerOptions options = test_options();
  options.host_keys.clear();
  CHECK(start_error(server, options) == Errc::invalid_argument);
  options = test_options();
  options.host_keys = {std::make_shared<crypto::PrivateKey>(ecdsa_key())};  // none that the policy allows
  CHECK(start_error(server, options) == Errc::invalid_argument);
  options = test_options();
  options.session.transport.algorithms.kex.clear();
  CHECK(start_error(server, options) == Errc::invalid_argument);
  options = test_options();
  server->methods = {};
  CHECK(start_error(server, options) == Errc::invalid_argument);
  server->methods = {"none"};
  CHECK(start_error(server, options) == Errc::invalid_argument);
  server->methods = {"password"};
  options.bind_address = "no such address";
  CHECK(start_error(server, options) == Errc::host_not_found);
}

TEST_CASE_FIXTURE(
    ServerFixture,
    "[defect 40] ssh server manager: port 0 gives the real port, a second start is refused, a used port too") {
  const std::uint16_t port = start();
  CHECK(port != 0);
  CHECK(manager->is_running());
  const Result<void> again = manager->start();
  REQUIRE_FALSE(again);
  CHECK(again.error().code() == Errc::invalid_state);
  server::SSHServerOptions same = test_options();
  same.port = port;
  CHECK(start_error(server, same) == Errc::io_error);
  manager->stop();
  CHECK(manager->port() == 0);
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server manager: it can be started again after it was stopped") {
  start();
  manager->stop();
  REQUIRE(manager->start());
  TestClient client(manager->port());
  CHECK(client.login());
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server manager: it counts connections and knows their ids") {
  const std::uint16_t port = start();
  {
    TestClient first(port), second(port);
    REQUIRE(first.login());
    REQUIRE(second.login());
    CHECK(manager->get_connection_count() == 2);
    const std::vector<std::string> ids = manager->get_active_connections();
    REQUIRE(ids.size() == 2);
    CHECK(ids[0] != ids[1]);
    for (const std::string& id : ids) CHECK(id.starts_with("127.0.0.1:"));
    const server::ConnectionStats stats = manager->get_connection_stats();
    CHECK(stats.active_connections == 2);
    CHECK(stats.total_connections == 2);
    CHECK(stats.failed_connections == 0);
    CHECK(stats.max_connections == 1024);
  }
  // A client that has gone leaves no trace.
  CHECK(eventually([&] { return manager->get_connection_count() == 0; }));
  CHECK(manager->get_active_connections().empty());
  CHECK(eventually([&] { return server->called("connection closed"); }));
}

TEST_CASE_FIXTURE(ServerFixture,
                  "[defect 35] ssh server manager: many clients one after the other leave every slot free") {
  options.connections = 2;
  const std::uint16_t port = start();
  for (int i = 0; i != 20; ++i) {
    {
      TestClient client(port);
      CHECK(client.login());
    }
    REQUIRE(eventually([&] { return manager->get_connection_count() == 0; }));
  }
  CHECK(manager->get_connection_stats().total_connections == 20);
}

TEST_CASE("ssh server manager: one connection more than a limit is closed, in silence") {
  ServerFixture fixture;
  SUBCASE("of all") { fixture.options.connections = 1; }
  SUBCASE("of an address") { fixture.options.connections_per_address = 1; }
  const std::uint16_t port = fixture.start();
  TestClient first(port);
  REQUIRE(first.login());
  asio::io_context io;
  asio::ip::tcp::socket second(io);
  second.connect({asio::ip::address_v4::loopback(), port});
  std::array<char, 16> bytes;
  std::error_code error;
  CHECK(second.read_some(asio::buffer(bytes), error) == 0);
  CHECK(error);
  CHECK(fixture.manager->get_connection_stats().failed_connections == 1);
  CHECK(first.open());
}

TEST_CASE_FIXTURE(
    ServerFixture,
    "[max-startups, defect 36] ssh server manager: connections that are not authenticated have a limit of their own") {
  options.half_open_connections = 1;
  const std::uint16_t port = start();
  TestClient first(port);
  REQUIRE(first.connect());
  TestClient second(port);
  CHECK_FALSE(second.connect());
  CHECK(first.login());
  TestClient third(port);
  CHECK(third.login());
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server manager: close_connection ends one connection") {
  const std::uint16_t port = start();
  TestClient first(port), second(port);
  REQUIRE(first.login());
  const std::string id = manager->get_active_connections().at(0);
  REQUIRE(second.login());
  CHECK(manager->close_connection(id));
  CHECK(first.wait_end().code() == Errc::disconnected_by_peer);
  CHECK(second.open());
  CHECK(eventually([&] { return !manager->close_connection(id); }));
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server manager: stop tells the clients, and may be called twice") {
  options.stop_time = std::chrono::seconds(10);
  const std::uint16_t port = start();
  TestClient client(port);
  REQUIRE(client.login());
  manager->stop();
  CHECK_FALSE(manager->is_running());
  CHECK(manager->get_connection_count() == 0);
  CHECK(client.wait_end().code() == Errc::disconnected_by_peer);
  manager->stop();
  asio::ip::tcp::socket socket(client.io);
  std::error_code error;
  socket.connect({asio::ip::address_v4::loopback(), port}, error);
  CHECK(error);
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server manager: stop waits for open channels, and no longer than stop_time") {
  options.stop_time = std::chrono::milliseconds(50);
  TestClient client(start());
  REQUIRE(client.login());
  REQUIRE(client.open());
  const auto before = std::chrono::steady_clock::now();
  manager->stop();
  CHECK(std::chrono::steady_clock::now() - before >= options.stop_time);
  CHECK(manager->get_connection_count() == 0);
  CHECK(client.wait_end().code() == Errc::disconnected_by_peer);
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server manager: runs on a caller's io_context") {
  asio::io_context io;
  manager = std::make_unique<server::SSHServerManager>(server, options);
  REQUIRE(manager->start(io));
  std::thread thread([&] { io.run(); });
  {
    TestClient client(manager->port());
    CHECK(client.login());
    manager->stop();
    CHECK(client.wait_end().code() == Errc::disconnected_by_peer);
  }
  thread.join();  // with everything over the context has nothing left to run
  CHECK(manager->get_connection_count() == 0);
}

}  // namespace hawser::test
