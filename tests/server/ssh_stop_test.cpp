// Stopping, and what must not hold up whom.
#include <condition_variable>

#include "hawser/server/file_threads.h"
#include "hawser/server/memory_file_system.h"
#include "ssh_fixture.h"

namespace hawser::test {

using namespace std::chrono_literals;

namespace {

// Something that the test opens, and that hooks wait for.
class Gate {
 public:
  ~Gate() { open(); }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
    --waiting_;
    changed_.notify_all();
  }
  void wait_for_waiter() {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, 20s, [&] { return waiting_ != 0; }));
  }
  void wait_for_none() {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, 20s, [&] { return waiting_ == 0; }));
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

// Waits at the gate: on the thread of the event loop, or, as a file system with a slow disk does, on a thread for that.
struct SlowFixture : ServerFixture {
  std::shared_ptr<Gate> gate = std::make_shared<Gate>();
  std::shared_ptr<server::FileThreads> disk = std::make_shared<server::FileThreads>(1);

  void block_the_thread() {
    server->accept_programs = true;
    server->program = [gate = gate](std::shared_ptr<server::Process>, std::string) { return blocked(gate); };
  }
  void block_a_file_call() {
    server->accept_programs = true;
    server->program = [gate = gate, disk = disk](std::shared_ptr<server::Process>, std::string) {
      return reading(gate, disk);
    };
  }
  static server::Awaitable<std::uint32_t> blocked(std::shared_ptr<Gate> gate) {
    gate->wait();
    co_return 0;
  }
  static server::Awaitable<std::uint32_t> reading(std::shared_ptr<Gate> gate,
                                                  std::shared_ptr<server::FileThreads> disk) {
    auto call = [gate]() -> server::FileResult<int> {
      gate->wait();
      return 1;
    };
    server::Awaitable<server::FileResult<int>> running = disk->run(std::move(call));
    co_await std::move(running);
    co_return 0;
  }
  // A client whose program waits at the gate.
  std::unique_ptr<TestClient> waiting_client(std::uint16_t port) {
    auto client = std::make_unique<TestClient>(port);
    REQUIRE(client->login());
    const auto channel = client->open();
    REQUIRE(channel);
    ByteVector command;
    wire::append_string(command, as_bytes("wait"));
    (*channel)->request_without_reply("exec", command);  // a blocked thread does not reply
    settle(client->io);
    gate->wait_for_waiter();
    return client;
  }
};

// Sends on a channel as fast as the server takes it, until the connection ends.
net::Awaitable<Error> send_for_ever(std::shared_ptr<net::Channel> channel) {
  const ByteVector block(32 * 1024, 0x55);
  while (true) {
    const Result<void> sent = co_await channel->write(block);
    if (!sent) co_return sent.error();
  }
}

server::Awaitable<std::uint32_t> swallow(std::shared_ptr<server::Process> process) {
  while (true) {
    const Result<Payload> piece = co_await process->read();
    if (!piece || piece->empty()) co_return 0;
  }
}

}  // namespace

TEST_CASE_FIXTURE(SlowFixture,
                  "[slow-disk] ssh server manager: a disk that does not answer holds up nobody else, on one thread") {
  block_a_file_call();
  options.threads = 1;
  const std::uint16_t port = start();
  const auto stuck = waiting_client(port);
  for (int i = 0; i != 3; ++i) {
    TestClient other(port);
    CHECK(other.login());
    CHECK(other.open());
  }
  gate->open();
}

TEST_CASE_FIXTURE(
    SlowFixture,
    "[slow-disk] ssh server manager: a hook that blocks its thread leaves the other threads to the others") {
  block_the_thread();
  options.threads = 2;
  const std::uint16_t port = start();
  const auto stuck = waiting_client(port);
  for (int i = 0; i != 3; ++i) {
    TestClient other(port);
    CHECK(other.login());
  }
  gate->open();
}

TEST_CASE(
    "[slow-disk] ssh server manager: stop returns within its time, whatever a hook or a disk does, and a start works "
    "after it") {
  SlowFixture fixture;
  SUBCASE("a blocked thread") { fixture.block_the_thread(); }
  SUBCASE("a file call") { fixture.block_a_file_call(); }
  fixture.options.threads = 2;
  const std::uint16_t port = fixture.start();
  const auto stuck = fixture.waiting_client(port);
  fixture.manager->stop();  // stop_time is 0; would hang for ever if it waited for the gate
  CHECK_FALSE(fixture.manager->is_running());
  REQUIRE(fixture.manager->start());
  TestClient next(fixture.manager->port());
  CHECK(next.login());
  fixture.gate->open();
  fixture.gate->wait_for_none();
  CHECK(fixture.eventually([&] { return fixture.manager->get_connection_count() == 1; }));
}

TEST_CASE_FIXTURE(ServerFixture,
                  "ssh server manager: stop under load ends every connection in its time, and tells them") {
  options.threads = 2;
  options.stop_time = 100ms;
  server->accept_programs = true;
  server->program = [](std::shared_ptr<server::Process> process, std::string) { return swallow(std::move(process)); };
  const std::uint16_t port = start();
  std::vector<std::unique_ptr<TestClient>> clients;
  std::vector<std::thread> threads;
  for (int i = 0; i != 8; ++i) {
    clients.push_back(std::make_unique<TestClient>(port));
    TestClient& client = *clients.back();
    REQUIRE(client.login());
    const auto channel = client.open();
    REQUIRE(channel);
    ByteVector command;
    wire::append_string(command, as_bytes("swallow"));
    REQUIRE(client.ask(**channel, "exec", command));
    threads.emplace_back(
        [&client, sending = *channel] { CHECK(run(client.io, send_for_ever(sending)).code() != Errc::ok); });
  }
  CHECK(eventually([&] { return manager->stats().bytes_received > 8 * 1024 * 1024; }));
  manager->stop();
  CHECK(manager->get_connection_count() == 0);
  CHECK(manager->stats().ended[server::Ending::authenticated] == 8);
  for (std::thread& thread : threads) thread.join();
  REQUIRE(manager->start());
  TestClient again(manager->port());
  CHECK(again.login());
}

TEST_CASE_FIXTURE(ServerFixture,
                  "ssh server manager: stop, from several threads at once, is one stop, and wakes who waits") {
  start();
  std::thread waiter([&] { manager->wait(); });
  std::vector<std::thread> stoppers;
  for (int i = 0; i != 4; ++i) {
    stoppers.emplace_back([&] {
      manager->stop();
      CHECK_FALSE(manager->is_running());
    });
  }
  for (std::thread& stopper : stoppers) stopper.join();
  waiter.join();
  manager->wait();  // returns at once
}

TEST_CASE_FIXTURE(ServerFixture,
                  "ssh server manager: on a caller's io_context nothing is left to do once all have gone") {
  options.stop_time = 1h;
  options.log = log;
  asio::io_context io;
  manager = std::make_unique<server::SSHServerManager>(server, options);
  for (int i = 0; i != 2; ++i) {
    io.restart();
    REQUIRE(manager->start(io));
    std::thread thread([&] { io.run(); });
    {
      TestClient client(manager->port());
      CHECK(client.login());
      CHECK(client.open());
      manager->stop();  // waits for the channel
      CHECK(manager->get_connection_count() == 1);
    }
    thread.join();
    CHECK(manager->get_connection_count() == 0);
  }
}

TEST_CASE_FIXTURE(
    ServerFixture,
    "ssh server manager: on a caller's io_context a stop ends those it has told, and nobody who came later") {
  options.stop_time = 100ms;
  options.log = log;
  asio::io_context io;
  manager = std::make_unique<server::SSHServerManager>(server, options);
  REQUIRE(manager->start(io));
  std::thread thread([&] { io.run(); });
  {
    TestClient first(manager->port());
    REQUIRE(first.login());
    REQUIRE(first.open());
    manager->stop();
    REQUIRE(manager->start(io));
    TestClient second(manager->port());
    REQUIRE(second.login());
    REQUIRE(second.open());
    CHECK(first.wait_end().code() == Errc::disconnected_by_peer);
    CHECK(second.ask_global("keepalive@openssh.com"));  // closed by the same timer, it would have heard of that first
    CHECK(manager->get_connection_count() == 1);
    CHECK_FALSE(second.ended);
    manager->stop();
    CHECK(second.wait_end().code() == Errc::disconnected_by_peer);
  }
  thread.join();
}

}  // namespace hawser::test
