// Where a manager listens: TCP of both families, Unix sockets, sockets that others opened.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <asio/local/stream_protocol.hpp>
#include <fstream>

#include "server/activated_sockets.h"
#include "ssh_fixture.h"
#include "support/temporary_directory.h"

namespace hawser::test {

using server::BoundEndpoint;
using server::Endpoint;
using server::OpenSocket;
using server::TcpEndpoint;
using server::UnixEndpoint;

namespace {

// A client of a listening socket of any kind.
TestClient::Socket connect_to(asio::io_context& io, const BoundEndpoint& endpoint) {
  if (endpoint.port == 0) {
    asio::local::stream_protocol::socket socket(io);
    socket.connect(asio::local::stream_protocol::endpoint(endpoint.address.substr(5)));
    return TestClient::Socket(std::move(socket));
  }
  const std::string host = endpoint.address.substr(0, endpoint.address.rfind(':'));
  const bool ipv6 = host.starts_with('[');
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::make_address(ipv6 ? host.substr(1, host.size() - 2) : host), endpoint.port});
  return TestClient::Socket(std::move(socket));
}

bool has_ipv6() {
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor(io);
  std::error_code error;
  acceptor.open(asio::ip::tcp::v6(), error);
  if (!error) acceptor.bind({asio::ip::address_v6::loopback(), 0}, error);
  return !error;
}

Errc start_error(const Endpoint& endpoint) {
  server::SSHServerOptions options = test_options();
  options.endpoints = {endpoint};
  server::SSHServerManager manager(std::make_shared<ScriptedServer>(), options);
  const Result<void> started = manager.start();
  return started ? Errc::ok : started.error().code();
}

bool is_socket(const std::string& path) {
  struct stat status;
  return ::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

}  // namespace

TEST_CASE_FIXTURE(ServerFixture, "[defect 40] ssh server manager: all its endpoints serve, each with its real port") {
  const TemporaryDirectory folder;
  options.endpoints = {{.where = TcpEndpoint{.address = "127.0.0.1", .port = 0}, .proxy = {}},
                       {.where = TcpEndpoint{.address = "127.0.0.1", .port = 0}, .proxy = {}},
                       {.where = UnixEndpoint{.path = folder.path() + "/socket"}, .proxy = {}}};
  if (has_ipv6()) options.endpoints.push_back({.where = TcpEndpoint{.address = "::1", .port = 0}, .proxy = {}});
  const std::uint16_t port = start();
  const std::vector<BoundEndpoint> bound = manager->endpoints();
  REQUIRE(bound.size() == options.endpoints.size());
  CHECK(port == bound[0].port);
  CHECK(bound[0].port != bound[1].port);
  CHECK(bound[0].address == "127.0.0.1:" + std::to_string(port));
  CHECK(bound[2].address == "unix:" + folder.path() + "/socket");
  CHECK(bound[2].port == 0);
  for (std::size_t i = 0; i != bound.size(); ++i) {
    CAPTURE(bound[i].address);
    CHECK(bound[i].endpoint == i);
    TestClient client([&](asio::io_context& io) { return connect_to(io, bound[i]); });
    CHECK(client.login());
    CHECK(client.open());
  }
  manager->stop();
  CHECK(manager->endpoints().empty());
}

TEST_CASE_FIXTURE(ServerFixture, "[defect 40] ssh server manager: a name is all its addresses, on one port") {
  options.endpoints = {{.where = TcpEndpoint{.address = "*", .port = 0}, .proxy = {}}};
  const std::uint16_t port = start();
  const std::vector<BoundEndpoint> bound = manager->endpoints();
  REQUIRE(bound.size() == (has_ipv6() ? 2 : 1));
  for (const BoundEndpoint& one : bound) CHECK(one.port == port);
  TestClient ipv4(port);
  CHECK(ipv4.login());
  if (has_ipv6()) {
    TestClient ipv6([&](asio::io_context& io) {
      return connect_to(io, {.endpoint = 0, .address = "[::1]:" + std::to_string(port), .port = port});
    });
    CHECK(ipv6.login());
    const std::vector<std::string> ids = manager->get_active_connections();
    CHECK(std::ranges::any_of(ids, [](const std::string& id) { return id.starts_with("[::1]:"); }));
    CHECK(std::ranges::any_of(ids, [](const std::string& id) { return id.starts_with("127.0.0.1:"); }));
  }
}

TEST_CASE("ssh server manager: if one endpoint fails, none listens") {
  server::SSHServerOptions options = test_options();
  const TemporaryDirectory folder;
  options.endpoints = {{.where = UnixEndpoint{.path = folder.path() + "/socket"}, .proxy = {}},
                       {.where = TcpEndpoint{.address = "192.0.2.1", .port = 0}, .proxy = {}}};
  server::SSHServerManager manager(std::make_shared<ScriptedServer>(), options);
  const Result<void> started = manager.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().code() == Errc::io_error);
  CHECK_FALSE(is_socket(folder.path() + "/socket"));
  options.endpoints.pop_back();
  server::SSHServerManager again(std::make_shared<ScriptedServer>(), options);
  CHECK(again.start());
}

TEST_CASE_FIXTURE(ServerFixture,
                  "ssh server manager: a Unix socket has its mode, names its clients, and goes with stop") {
  const TemporaryDirectory folder;
  const std::string path = folder.path() + "/socket";
  options.endpoints = {{.where = UnixEndpoint{.path = path, .mode = 0620}, .proxy = {}}};
  CHECK(start() == 0);
  struct stat status;
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0620);
  {
    TestClient client([&](asio::io_context& io) { return connect_to(io, manager->endpoints()[0]); });
    REQUIRE(client.login());
    CHECK(manager->get_active_connections().at(0).starts_with("unix:" + path + ":"));
    manager->stop();
  }
  CHECK_FALSE(is_socket(path));
  REQUIRE(manager->start());
  CHECK(is_socket(path));
}

TEST_CASE("ssh server manager: only a socket that nobody listens on is replaced") {
  const TemporaryDirectory folder;
  const std::string path = folder.path() + "/socket";
  const Endpoint endpoint{.where = UnixEndpoint{.path = path}, .proxy = {}};
  asio::io_context io;
  SUBCASE("a stale socket is") {
    { asio::local::stream_protocol::acceptor dead(io, asio::local::stream_protocol::endpoint(path)); }
    REQUIRE(is_socket(path));
    CHECK(start_error(endpoint) == Errc::ok);
  }
  SUBCASE("a living one is not") {
    asio::local::stream_protocol::acceptor alive(io, asio::local::stream_protocol::endpoint(path));
    CHECK(start_error(endpoint) == Errc::io_error);
    asio::local::stream_protocol::socket client(io);
    client.connect(asio::local::stream_protocol::endpoint(path));
  }
  SUBCASE("a file is not") {
    std::ofstream(path) << "text";
    CHECK(start_error(endpoint) == Errc::io_error);
    CHECK(::access(path.c_str(), F_OK) == 0);
  }
  SUBCASE("a link to a socket is not") {
    REQUIRE(::symlink("elsewhere", path.c_str()) == 0);
    CHECK(start_error(endpoint) == Errc::io_error);
  }
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server manager: a Unix socket that was replaced meanwhile is not removed") {
  const TemporaryDirectory folder;
  const std::string path = folder.path() + "/socket";
  options.endpoints = {{.where = UnixEndpoint{.path = path}, .proxy = {}}};
  start();
  REQUIRE(::unlink(path.c_str()) == 0);
  asio::io_context io;
  asio::local::stream_protocol::acceptor other(io, asio::local::stream_protocol::endpoint(path));
  manager->stop();
  CHECK(is_socket(path));
}

TEST_CASE("ssh server manager: endpoints that are none are refused") {
  CHECK(start_error({.where = UnixEndpoint{.path = ""}, .proxy = {}}) == Errc::invalid_argument);
  CHECK(start_error({.where = UnixEndpoint{.path = std::string(108, 'x')}, .proxy = {}}) == Errc::invalid_argument);
  CHECK(start_error({.where = UnixEndpoint{.path = "/no/such/folder/socket"}, .proxy = {}}) == Errc::io_error);
  CHECK(start_error({.where = OpenSocket{.descriptor = -1, .name = {}}, .proxy = {}}) == Errc::invalid_argument);
  CHECK(start_error({.where = OpenSocket{.descriptor = 0, .name = {}}, .proxy = {}}) == Errc::invalid_argument);
  asio::io_context io;
  asio::ip::tcp::acceptor bound(io, asio::ip::tcp::v4());
  bound.bind({asio::ip::address_v4::loopback(), 0});  // and does not listen
  CHECK(start_error({.where = OpenSocket{.descriptor = bound.native_handle(), .name = {}}, .proxy = {}}) ==
        Errc::invalid_argument);
}

TEST_CASE_FIXTURE(ServerFixture,
                  "ssh server manager: an open socket is served, outlives a stop, and can be served again") {
  asio::io_context io;
  asio::ip::tcp::acceptor owner(io, {asio::ip::address_v4::loopback(), 0});
  const std::uint16_t port = owner.local_endpoint().port();
  options.endpoints = {{.where = OpenSocket{.descriptor = owner.native_handle(), .name = "mine"}, .proxy = {}}};
  CHECK(start() == port);
  for (int i = 0; i != 2; ++i) {
    {
      TestClient client(port);
      CHECK(client.login());
    }
    manager->stop();
    CHECK(::fcntl(owner.native_handle(), F_GETFD) >= 0);
    REQUIRE(manager->start());
  }
}

TEST_CASE("activated sockets: what systemd says becomes endpoints (sd_listen_fds(3))") {
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  const int descriptor = acceptor.native_handle();
  REQUIRE(::fcntl(descriptor, F_SETFD, 0) == 0);
  const auto found =
      server::activated_endpoints({.pid = "77", .count = "1", .names = "ssh:more", .first = descriptor}, 77);
  REQUIRE(found);
  REQUIRE(found->size() == 1);
  const OpenSocket& socket = std::get<OpenSocket>((*found)[0].where);
  CHECK(socket.descriptor == descriptor);
  CHECK(socket.name == "ssh");
  CHECK(::fcntl(descriptor, F_GETFD) == FD_CLOEXEC);
  CHECK(start_error((*found)[0]) == Errc::ok);
}

TEST_CASE("activated sockets: none for another process, and nonsense is refused") {
  struct Case {
    const char* pid;
    const char* count;
    bool good;
  };
  for (const Case& c : {Case{nullptr, nullptr, true}, Case{"77", nullptr, true}, Case{nullptr, "1", true},
                        Case{"78", "1", true}, Case{"77", "0", true}, Case{"x", "1", false}, Case{"77", "x", false},
                        Case{"77", "-1", false}, Case{"77", "1 ", false}, Case{"77", "100000", false},
                        Case{"77", "1", false}}) {  // the last: a descriptor that is not open
    const auto found =
        server::activated_endpoints({.pid = c.pid, .count = c.count, .names = nullptr, .first = 1000}, 77);
    CHECK(found.has_value() == c.good);
    if (found) CHECK(found->empty());
    if (!found) CHECK(found.error().code() == Errc::bad_value);
  }
}

}  // namespace hawser::test
