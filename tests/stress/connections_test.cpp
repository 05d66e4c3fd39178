// A server with many clients at once, and with many one after the other.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>
#include <cstdlib>
#include <string>
#include <thread>

#include "hawser/client/client.h"
#include "hawser/net/spawn.h"
#include "hawser/server/base_sftp_server.h"
#include "hawser/server/memory_file_system.h"
#include "process_usage.h"
#include "support/run_awaitable.h"
#include "support/test_keys.h"

namespace hawser::test {

using server::Ending;

namespace {

std::size_t setting(const char* name, std::size_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoul(text, nullptr, 10);
}

// As many descriptors as this process may have: both ends of every connection are in it.
void allow_descriptors() {
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = limit.rlim_max;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

// Until it is so; what happens on the server's threads takes its time.
template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

class CrowdedServer {
 public:
  explicit CrowdedServer(std::size_t clients) : server_(options(clients)) { REQUIRE(server_.start()); }
  server::SSHServerManager& manager() { return server_.manager(); }
  std::uint16_t port() const { return server_.port(); }

  client::ClientOptions client() const {
    client::ClientOptions out;
    out.host = "127.0.0.1";
    out.port = port();
    out.user = "user";
    out.credentials = {client::Password("secret")};
    out.host_keys = client::pinned_host_keys({ed25519_key().public_key()});
    out.timeout = std::chrono::minutes(10);
    return out;
  }

 private:
  static server::BaseSFTPServerOptions options(std::size_t clients) {
    server::BaseSFTPServerOptions out;
    server::SSHServerOptions& listen = out.listen;
    listen.port = 0;
    listen.host_keys = {std::make_shared<crypto::PrivateKey>(ed25519_key())};
    listen.connections = listen.half_open_connections = listen.early_drop.start = clients;
    listen.connections_per_address = clients;
    listen.session.login_time = std::chrono::minutes(10);
    listen.threads = 2;
    listen.stop_time = std::chrono::milliseconds(0);
    out.file_system = std::make_shared<server::MemoryFileSystem>();
    out.authenticators = {server::Passwords::from_map({{"user", "secret"}})};
    return out;
  }
  server::BaseSFTPServer server_;
};

// Bytes that tell which client they belong to.
std::uint8_t byte_at(std::size_t client, std::uint64_t offset) {
  return static_cast<std::uint8_t>(client * 31 + offset * 7 + offset / 251);
}

struct Pattern final : client::DataSource, client::DataSink {
  Pattern(std::size_t client_, std::uint64_t size_) : client(client_), size(size_) {}
  Result<std::size_t> read_at(std::uint64_t offset, std::span<const MutableBytes> areas) override {
    std::size_t done = 0;
    for (const MutableBytes area : areas) {
      for (std::uint8_t& byte : area) {
        if (offset == size) return done;
        byte = byte_at(client, offset++);
        ++done;
      }
    }
    return done;
  }
  Result<void> write_at(std::uint64_t offset, std::span<const Bytes> pieces) override {
    for (const Bytes piece : pieces) {
      for (const std::uint8_t byte : piece) {
        if (byte != byte_at(client, offset++)) return Error(Errc::bad_value, "other bytes came back");
      }
    }
    return {};
  }
  std::size_t client;
  std::uint64_t size;
};

// Those who have signed in wait for the others, so that all are there at once.
struct Crowd {
  explicit Crowd(asio::io_context& io, std::size_t size_) : size(size_), changed(io.get_executor()) {}
  std::size_t size;
  std::size_t present = 0;
  std::size_t done = 0;
  net::Signal changed;
};

net::Awaitable<std::string> use_server(client::ClientOptions options, std::size_t number, std::uint64_t size,
                                       Crowd& crowd, CrowdedServer& server) {
  net::Awaitable<client::ConnectResult> connecting = client::Client::connect(std::move(options));
  const client::ConnectResult connected = co_await std::move(connecting);
  if (!connected) co_return connected.error().message();
  const auto sftp = co_await (*connected)->open_sftp();
  if (!sftp) co_return sftp.error().message();
  if (++crowd.present == crowd.size) {
    CHECK(server.manager().get_connection_count() == crowd.size);
    crowd.changed.notify();
  }
  while (crowd.present != crowd.size) co_await crowd.changed.wait();

  Pattern pattern(number, size);
  const std::string path = "/" + std::to_string(number);
  const auto put = co_await (*sftp)->put(pattern, path);
  if (!put) co_return put.error().message();
  const auto got = co_await (*sftp)->get(path, pattern);
  if (!got) co_return got.error().message();
  ++crowd.done;
  co_return *put == size&&* got == size ? "" : "wrong size";
}

// A client that does not get far.
void knock(asio::io_context& io, std::uint16_t port, std::size_t number) {
  constexpr std::string_view words[] = {"", "SSH-2.0-short\r\n", "GET / HTTP/1.0\r\n\r\n",
                                        "SSH-2.0-bad\r\n\x7f\xff\xff\xff rubbish, rubbish, rubbish"};
  const std::string_view text = words[number % std::size(words)];
  asio::ip::tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), port});
  std::error_code error;
  asio::write(socket, asio::buffer(text.data(), text.size()), error);
  if (number % 3 == 0) return;  // closes without reading: a reset
  socket.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  std::array<char, 4096> bytes;
  while (!error) socket.read_some(asio::buffer(bytes), error);
}

net::Awaitable<void> keep(net::Awaitable<std::string> work, std::vector<std::string>& failures) {
  std::string failure = co_await std::move(work);
  if (!failure.empty()) failures.push_back(std::move(failure));
}

// So many have come, and gone.
bool all_over(CrowdedServer& server, std::size_t clients) {
  const server::ServerStats stats = server.manager().stats();
  return stats.accepted == clients && stats.active == 0;
}

}  // namespace

TEST_CASE("many clients at once: all transfer, nothing is mixed up, no thread per connection, nothing is left") {
  allow_descriptors();
  const std::size_t clients = setting("HAWSER_STRESS_CLIENTS", 64);
  const std::uint64_t size = setting("HAWSER_STRESS_KIB", 256) * 1024;
  CrowdedServer server(clients);
  const std::size_t threads_before = threads();
  const std::size_t descriptors_before = open_descriptors();
  const std::size_t resident_before = resident_kib();
  {
    asio::io_context io;
    Crowd crowd(io, clients);
    std::vector<std::string> failures;
    for (std::size_t i = 0; i != clients; ++i) {
      net::spawn(io.get_executor(), keep(use_server(server.client(), i, size, crowd, server), failures),
                 [&failures, &io](std::exception_ptr thrown) {
                   if (thrown) failures.push_back("exception");
                   if (!failures.empty()) io.stop();  // the others would wait for it
                 });
    }
    io.run();
    REQUIRE_MESSAGE(failures.empty(), failures.front());
    CHECK(crowd.done == clients);
    CHECK(threads() <= threads_before + 1);  // the clients' name lookups have one
    MESSAGE(clients, " clients at once, ", resident_before, " KiB resident before, ", resident_kib(), " KiB after");
  }
  CHECK(eventually([&] { return server.manager().stats().ended[Ending::authenticated] == clients; }));
  CHECK(server.manager().get_connection_count() == 0);
  CHECK(server.manager().get_active_connections().empty());
  CHECK(eventually([&] { return open_descriptors() <= descriptors_before; }));
  // An SFTP session ends, and is counted, a moment after its connection.
  CHECK(eventually([&] { return server.manager().stats().sftp_sessions == clients; }));
  const server::ServerStats stats = server.manager().stats();
  CHECK(stats.signed_in == clients);
  CHECK(stats.rejected.total() == 0);
  CHECK(stats.sftp.bytes_written == clients * size);
}

TEST_CASE("[CVE-2021-30129] many clients one after the other: descriptors and memory are back where they were") {
  allow_descriptors();
  const std::size_t cycles = setting("HAWSER_STRESS_CYCLES", 500);
  const std::size_t warm_up = 200;
  CrowdedServer server(64);
  asio::io_context io;
  std::size_t descriptors_before = 0;
  std::size_t resident_before = 0;
  for (std::size_t i = 0; i != warm_up + cycles; ++i) {
    if (i == warm_up) {
      REQUIRE(eventually([&] { return all_over(server, i); }));
      descriptors_before = open_descriptors();
      resident_before = resident_kib();
    }
    if (i % 50 == 0) {  // one that signs in
      const client::ConnectResult connected = run(io, client::Client::connect(server.client()));
      REQUIRE_MESSAGE(connected, (connected ? std::string() : connected.error().message()));
    } else {
      knock(io, server.port(), i);
    }
    // The places are for those who are there, not for those who have gone.
    if (server.manager().get_connection_count() > 32) {
      REQUIRE(eventually([&] { return server.manager().get_connection_count() == 0; }));
    }
    settle(io);
  }
  REQUIRE(eventually([&] { return all_over(server, warm_up + cycles); }));
  const server::ServerStats stats = server.manager().stats();
  CHECK(stats.rejected.total() == 0);
  CHECK(stats.ended.total() == warm_up + cycles);
  CHECK(open_descriptors() <= descriptors_before);
  const std::size_t resident_after = resident_kib();
  MESSAGE(cycles, " cycles, ", resident_before, " KiB resident before, ", resident_after, " KiB after");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(resident_after <
        resident_before + 8 * 1024);  // what the allocator and the pool keep at hand, whatever the cycles
#endif
}

}  // namespace hawser::test
