// Limits, penalties and statistics of a running manager.
#include <asio/write.hpp>

#include "hawser/server/memory_file_system.h"
#include "ssh_fixture.h"

namespace hawser::test {

using server::Ending;
using server::Rejection;
using server::ServerStats;
using namespace std::chrono_literals;

namespace {

// Connects, says this, and waits for the server to close; what it said before.
std::string speak(std::uint16_t port, std::string_view text) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), port});
  std::error_code error;
  asio::write(socket, asio::buffer(text.data(), text.size()), error);
  std::string all;
  std::array<char, 4096> bytes;
  while (!error) all.append(bytes.data(), socket.read_some(asio::buffer(bytes), error));
  return all;
}

}  // namespace

TEST_CASE("[max-startups] ssh server manager: who misbehaves is turned away for some time, without a word") {
  ServerFixture fixture;
  server::Penalties& penalties = fixture.options.penalties;
  penalties.exempt.clear();
  penalties.threshold = 0ms;
  Ending ending = Ending::no_attempt;
  std::function<void(std::uint16_t)> misbehave;
  SUBCASE("failed authentication") {
    penalties.failed_authentication = 1h;
    ending = Ending::failed_authentication;
    misbehave = [](std::uint16_t port) {
      TestClient client(port);
      CHECK_FALSE(client.login("wrong"));
    };
  }
  SUBCASE("too many attempts") {
    penalties.failed_authentication = 1h;
    fixture.options.session.userauth.attempt_limit = 1;
    ending = Ending::failed_authentication;
    misbehave = [](std::uint16_t port) {
      TestClient client(port);
      CHECK_FALSE(client.login("wrong"));
      CHECK(client.userauth().request_password("wrong again"));
      client.connection->flush_soon();
      CHECK(client.wait_end().code() == Errc::disconnected_by_peer);
    };
  }
  SUBCASE("no attempt") {
    penalties.no_attempt = 1h;
    misbehave = [](std::uint16_t port) {
      TestClient client(port);
      CHECK(client.connect());
    };
  }
  SUBCASE("no login in time") {
    penalties.login_timeout = 1h;
    fixture.options.session.login_time = 50ms;
    ending = Ending::login_timeout;
    misbehave = [](std::uint16_t port) { CHECK(speak(port, "").starts_with("SSH-2.0-")); };
  }
  SUBCASE("no key exchange in time") {
    penalties.login_timeout = 1h;
    fixture.options.session.transport.key_exchange_time = 1s;
    ending = Ending::login_timeout;
    misbehave = [](std::uint16_t port) { CHECK(speak(port, "").starts_with("SSH-2.0-")); };
  }
  SUBCASE("garbage") {
    penalties.protocol_error = 1h;
    ending = Ending::protocol_error;
    misbehave = [](std::uint16_t port) { CHECK(speak(port, "GET / HTTP/1.1\r\n\r\n").starts_with("SSH-2.0-")); };
  }
  SUBCASE("a packet that is none") {
    penalties.protocol_error = 1h;
    ending = Ending::protocol_error;
    misbehave = [](std::uint16_t port) {
      CHECK(speak(port, "SSH-2.0-x\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")
                .starts_with("SSH-2.0-"));
    };
  }
  const std::uint16_t port = fixture.start();
  misbehave(port);
  CHECK(fixture.eventually([&] { return fixture.manager->stats().ended[ending] == 1; }));
  CHECK(fixture.manager->stats().penalised_addresses == 1);
  CHECK(speak(port, "").empty());
  const ServerStats stats = fixture.manager->stats();
  CHECK(stats.rejected[Rejection::penalty] == 1);
  CHECK(stats.rejected.total() == 1);
  CHECK(stats.ended.total() == 1);
  CHECK(fixture.manager->get_connection_stats().failed_connections == 2);
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server manager: loopback is exempt from penalties unless told otherwise") {
  options.penalties.threshold = 0ms;
  const std::uint16_t port = start();
  for (int i = 0; i != 3; ++i) CHECK(speak(port, "garbage\r\n\r\n").starts_with("SSH-2.0-"));
  CHECK(manager->stats().rejected.total() == 0);
}

TEST_CASE_FIXTURE(ServerFixture,
                  "[max-startups, defect 36] ssh server manager: half-open connections are dropped early, those signed "
                  "in do not count") {
  options.early_drop = {.start = 2, .rate = 100};
  const std::uint16_t port = start();
  TestClient signed_in(port);
  REQUIRE(signed_in.login());
  TestClient first(port), second(port);
  REQUIRE(first.connect());
  REQUIRE(second.connect());
  CHECK(speak(port, "").empty());
  CHECK(manager->stats().rejected[Rejection::early_drop] == 1);
  CHECK(first.login());
  TestClient third(port);
  CHECK(third.login());
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server manager: limits and timeouts can be changed while it runs") {
  const std::uint16_t port = start();
  manager->set_max_connections(1);
  CHECK(manager->get_connection_stats().max_connections == 1);
  {
    TestClient first(port);
    REQUIRE(first.login());
    CHECK(speak(port, "").empty());
  }
  CHECK(eventually([&] { return manager->get_connection_count() == 0; }));
  manager->set_auth_timeout(50ms);
  CHECK(speak(port, "").starts_with("SSH-2.0-"));
  CHECK(eventually([&] { return manager->stats().ended[Ending::login_timeout] == 1; }));
  manager->set_auth_timeout(30s);
  manager->set_connection_timeout(1s);
  TestClient idle(port);
  REQUIRE(idle.login());
  CHECK(idle.wait_end().code() == Errc::disconnected_by_peer);
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server manager: statistics tell what has been") {
  server->files = std::make_shared<server::MemoryFileSystem>();
  const std::uint16_t port = start();
  {
    TestClient client(port);
    REQUIRE_FALSE(client.login("wrong"));
    CHECK(client.userauth().request_password("secret"));
    client.connection->flush_soon();
    REQUIRE(client.succeeded());
    const auto channel = client.open();
    REQUIRE(channel);
    const std::string sftp = "sftp";
    ByteVector name;
    wire::append_string(name, as_bytes(sftp));
    REQUIRE(client.ask(**channel, "subsystem", name));
    const ByteVector init{0, 0, 0, 5, 1, 0, 0, 0, 3};
    const ByteVector stat{0, 0, 0, 10, 17, 0, 0, 0, 1, 0, 0, 0, 1, '/'};
    REQUIRE(client.wait((*channel)->write(init)));
    REQUIRE(client.wait((*channel)->write(stat)));
    (*channel)->send_eof();
    CHECK_FALSE(client.read_all(**channel).empty());
    client.wait_closed(**channel);
    const ServerStats live = manager->stats();
    CHECK(live.active == 1);
    CHECK(live.half_open == 0);
    CHECK(live.bytes_received > 1000);
    CHECK(live.bytes_sent > 1000);
  }
  CHECK(eventually([&] { return manager->stats().ended[Ending::authenticated] == 1; }));
  const ServerStats stats = manager->stats();
  CHECK(stats.accepted == 1);
  CHECK(stats.active == 0);
  CHECK(stats.signed_in == 1);
  CHECK(stats.authentication_failures == 1);
  CHECK(stats.channels_requested == 1);
  CHECK(stats.bytes_received > 1000);
  CHECK(stats.sftp_sessions == 1);
  CHECK(stats.sftp.requests >= 1);
  CHECK(manager->get_connection_stats().failed_connections == 0);
}

TEST_CASE_FIXTURE(
    ServerFixture,
    "[defect 36] ssh server manager: connections that never say a word hold no thread and end with the login's time") {
  options.session.login_time = 50ms;
  const std::uint16_t port = start();
  asio::io_context io;
  std::vector<asio::ip::tcp::socket> silent;
  for (int i = 0; i != 50; ++i) {
    silent.emplace_back(io);
    silent.back().connect({asio::ip::address_v4::loopback(), port});
  }
  CHECK(eventually([&] { return manager->stats().ended[Ending::login_timeout] == 50; }));
  CHECK(eventually([&] { return manager->get_connection_count() == 0; }));
  CHECK(log->errors().empty());
}

}  // namespace hawser::test
