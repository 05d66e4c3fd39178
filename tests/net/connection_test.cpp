#include "hawser/net/connection.h"

#include <doctest/doctest.h>

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include "hawser/net/spawn.h"
#include "support/linked_connections.h"
#include "support/pattern.h"

using namespace hawser;
using namespace std::chrono_literals;
using test::LinkedConnections;
using test::pattern;

namespace {

ByteVector text_field(std::string_view text) {
  ByteVector field;
  wire::append_string(field, text);
  return field;
}

// Sends back what comes until the end, then exits with the command's length.
net::Awaitable<void> echo(std::shared_ptr<net::Channel> channel, std::string command) {
  while (true) {
    const Result<Payload> piece = co_await channel->receive();
    if (!piece || piece->empty()) break;
    const Result<void> sent = co_await channel->write(piece->bytes());
    if (!sent) co_return;
    channel->consumed(piece->size());
  }
  channel->exit(static_cast<std::uint32_t>(command.size()));
}

net::Awaitable<std::shared_ptr<net::Channel>> open_exec(LinkedConnections& link, std::string command) {
  const bool in = co_await link.client_handler.login();
  REQUIRE(in);
  const Result<std::shared_ptr<net::Channel>> opened = co_await link.client->open_channel("session", {});
  REQUIRE(opened.has_value());
  const Result<bool> accepted = co_await (*opened)->request("exec", text_field(command));
  REQUIRE(accepted.has_value());
  CHECK(*accepted);
  co_return *opened;
}

net::Awaitable<void> write_all(std::shared_ptr<net::Channel> channel, ByteVector bytes) {
  const Result<void> sent = co_await channel->write(bytes);
  CHECK(sent.has_value());
  channel->send_eof();
}

net::Awaitable<ByteVector> read_all(std::shared_ptr<net::Channel> channel) {
  ByteVector all;
  while (true) {
    const Result<Payload> piece = co_await channel->receive();
    CHECK(piece.has_value());
    if (!piece || piece->empty()) co_return all;
    all.insert(all.end(), piece->bytes().begin(), piece->bytes().end());
    channel->consumed(piece->size());
  }
}

net::Awaitable<void> echo_once(LinkedConnections& link, std::size_t size) {
  const std::shared_ptr<net::Channel> channel = co_await open_exec(link, "echo");
  const ByteVector sent = pattern(size);
  net::spawn(channel->executor(), write_all(channel, sent));
  const ByteVector got = co_await read_all(channel);
  CHECK((got == sent));
  co_await channel->wait_closed();
  CHECK(channel->exit_status() == 4U);
}

}  // namespace

TEST_CASE(
    "connection: an exec channel carries 10 MB both ways at once, its exit status arrives, both ends know why it "
    "ended") {
  LinkedConnections link;
  link.server_handler.exec = echo;
  link.run(echo_once(link, 10'000'000));
  CHECK(link.client_ended.code() == Errc::disconnected_by_us);
  CHECK(link.server_ended.code() == Errc::disconnected_by_peer);
}

TEST_CASE("connection: data flows through rekeys of both sides without loss (RFC 4253 §9)") {
  session::SessionConfig client, server;
  client.transport.rekey.bytes = 700'000;
  server.transport.rekey.bytes = 900'000;
  LinkedConnections link(client, server);
  link.server_handler.exec = echo;
  link.run(echo_once(link, 8'000'000));
  CHECK(link.client_handler.key_exchanges > 5);
}

TEST_CASE("connection: a small window and small packets only slow things down") {
  session::SessionConfig client, server;
  client.channels.initial_window = 3000;
  client.channels.maximum_packet = 500;
  server.channels.initial_window = 1000;
  server.channels.maximum_packet = 700;
  LinkedConnections link(client, server);
  link.server_handler.exec = echo;
  link.run(echo_once(link, 200'000));
}

TEST_CASE("connection: many channels at once, each with its own data") {
  LinkedConnections link;
  link.server_handler.exec = echo;
  const auto work = [](LinkedConnections& at) -> net::Awaitable<void> {
    for (int i = 0; i < 3; ++i) co_await echo_once(at, 50'000 + static_cast<std::size_t>(i));
  };
  const auto many = [](LinkedConnections& at, auto each) -> net::Awaitable<void> {
    const auto executor = co_await asio::this_coro::executor;
    auto left = std::make_shared<int>(20);
    auto done = std::make_shared<net::Signal>(executor);
    for (int i = 0; i < 20; ++i) {
      net::spawn(executor, each(at), [left, done](std::exception_ptr) {
        --*left;
        done->notify();
      });
    }
    while (*left != 0) co_await done->wait();
  };
  link.run(many(link, work));
}

TEST_CASE("connection: its open channels are listed, and closed together") {
  LinkedConnections link;
  link.server_handler.exec = echo;
  const auto work = [](LinkedConnections& at) -> net::Awaitable<void> {
    const std::shared_ptr<net::Channel> one = co_await open_exec(at, "one");
    const std::shared_ptr<net::Channel> two = co_await open_exec(at, "two");
    CHECK(at.client->active_channels() == std::vector<std::shared_ptr<net::Channel>>{one, two});
    at.client->close_all_channels();
    co_await one->wait_closed();
    co_await two->wait_closed();
    CHECK(at.client->active_channels().empty());
    CHECK(at.client->channel_count() == 0);
    at.client->close_all_channels();
  };
  link.run(work(link));
}

TEST_CASE("connection: a wrong password is refused") {
  LinkedConnections link;
  link.client_handler.password = "wrong";
  const auto work = [](LinkedConnections& at) -> net::Awaitable<void> {
    const bool in = co_await at.client_handler.login();
    CHECK_FALSE(in);
  };
  link.run(work(link));
}

TEST_CASE("connection: other channel types are refused with the reason, refused requests answer false") {
  LinkedConnections link;
  link.server_handler.exec = echo;
  const auto work = [](LinkedConnections& at) -> net::Awaitable<void> {
    const bool in = co_await at.client_handler.login();
    REQUIRE(in);
    const Result<std::shared_ptr<net::Channel>> refused = co_await at.client->open_channel("direct-tcpip", {});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code() == Errc::channel_open_refused);
    CHECK(at.client->open_failure() == "only session channels");
    const Result<std::shared_ptr<net::Channel>> opened = co_await at.client->open_channel("session", {});
    REQUIRE(opened.has_value());
    const Result<bool> shell = co_await (*opened)->request("shell", {});
    REQUIRE(shell.has_value());
    CHECK_FALSE(*shell);
  };
  link.run(work(link));
}

TEST_CASE("connection: global requests are answered in order (RFC 4254 §4)") {
  LinkedConnections link;
  const auto work = [](LinkedConnections& at) -> net::Awaitable<void> {
    const bool in = co_await at.client_handler.login();
    REQUIRE(in);
    for (const char* type : {"yes", "no", "yes"}) {
      const Result<channel::GlobalRequestAnswered> answer = co_await at.client->global_request(type, {});
      REQUIRE(answer.has_value());
      CHECK(answer->success == (std::string_view(type) == "yes"));
    }
  };
  link.run(work(link));
}

TEST_CASE("connection: waiting calls end with the reason when the peer goes") {
  LinkedConnections link;
  link.server_handler.exec = [](std::shared_ptr<net::Channel> channel, std::string) -> net::Awaitable<void> {
    channel->connection().disconnect(transport::DisconnectReason::by_application, "bye");
    co_return;
  };
  const auto work = [](LinkedConnections& at) -> net::Awaitable<void> {
    const bool in = co_await at.client_handler.login();
    REQUIRE(in);
    const Result<std::shared_ptr<net::Channel>> opened = co_await at.client->open_channel("session", {});
    REQUIRE(opened.has_value());
    const Result<std::uint64_t> ticket = (*opened)->ask("exec", text_field("x"));
    REQUIRE(ticket.has_value());
    const Result<Payload> piece = co_await (*opened)->receive();
    REQUIRE_FALSE(piece.has_value());
    CHECK(piece.error().code() == Errc::disconnected_by_peer);
    co_await (*opened)->wait_closed();
    const Result<void> sent = co_await (*opened)->write(as_bytes("late"));
    CHECK_FALSE(sent.has_value());
    CHECK_FALSE((*opened)->open());
  };
  link.run(work(link));
  CHECK(link.client_ended.code() == Errc::disconnected_by_peer);
}

TEST_CASE("[CVE-2024-6387] connection: the login deadline ends a peer that says nothing") {
  session::SessionConfig server;
  server.login_time = 1s;
  LinkedConnections link({}, server);
  link.client_handler.password = "wrong";
  // The client side never runs: the server hears nothing at all.
  const auto follow = [](LinkedConnections& at) -> net::Awaitable<void> {
    at.server_ended = co_await at.server->run(at.server_handler);
  };
  net::spawn(link.context.get_executor(), follow(link));
  link.context.run();
  CHECK(link.server_ended.code() == Errc::login_timeout);
}

TEST_CASE("connection: a session that ends in the middle of a send, from a channel's coroutine, ends the connection") {
  session::SessionConfig server;
  server.transport.send_hard_limit = 100'000;
  LinkedConnections link({}, server);
  link.server_handler.exec = [](std::shared_ptr<net::Channel> channel, std::string) -> net::Awaitable<void> {
    PacketBuffer packet = channel->connection().session().transport().prepare(200'000);
    packet.payload()[0] = 2;  // IGNORE
    channel->connection().session().transport().send(std::move(packet));
    channel->connection().flush_soon();
    co_await channel->wait_closed();
  };
  const auto work = [](LinkedConnections& at) -> net::Awaitable<void> {
    const std::shared_ptr<net::Channel> channel = co_await open_exec(at, "flood");
    co_await channel->wait_closed();
  };
  link.run(work(link));
  CHECK(link.server_ended.code() == Errc::queue_full);
  CHECK(link.client_ended.code() == Errc::disconnected_by_peer);
}

TEST_CASE("connection: a rekey that is begun from a channel's coroutine must end in time") {
  session::SessionConfig server;
  server.transport.key_exchange_time = 1s;
  server.login_time = 0s;
  server.idle_time = 0s;
  LinkedConnections link({}, server);
  link.server_handler.exec = [](std::shared_ptr<net::Channel> channel, std::string) -> net::Awaitable<void> {
    CHECK(channel->connection().session().global_request("stop reading", false));
    channel->connection().session().transport().rekey();
    channel->connection().flush_soon();
    co_await channel->wait_closed();
  };
  link.start();
  const auto work = [](LinkedConnections& at) -> net::Awaitable<void> {
    const bool in = co_await at.client_handler.login();
    REQUIRE(in);
    const Result<std::shared_ptr<net::Channel>> opened = co_await at.client->open_channel("session", {});
    REQUIRE(opened.has_value());
    at.client_handler.deaf = true;
    (*opened)->request_without_reply("exec", text_field("x"));
  };
  net::spawn(link.context.get_executor(), work(link));
  while (link.server_ended.code() == Errc::ok && link.context.run_one() != 0) {
  }
  CHECK(link.server_ended.code() == Errc::timed_out);
}

TEST_CASE("connection: each open that is refused has the peer's reason for it") {
  LinkedConnections link;
  const auto open = [](LinkedConnections& at, std::string type,
                       std::shared_ptr<std::vector<std::string>> out) -> net::Awaitable<void> {
    const Result<std::shared_ptr<net::Channel>> refused = co_await at.client->open_channel(type, {});
    CHECK(refused.error().code() == Errc::channel_open_refused);
    out->push_back(type + ": " + at.client->open_failure());
  };
  const auto work = [](LinkedConnections& at, auto each) -> net::Awaitable<void> {
    const bool in = co_await at.client_handler.login();
    REQUIRE(in);
    const auto told = std::make_shared<std::vector<std::string>>();
    at.server_handler.name_the_type = true;
    for (const char* type : {"a", "b", "c"}) net::spawn(at.context.get_executor(), each(at, type, told));
    while (told->size() != 3) co_await asio::post(at.client->executor(), asio::use_awaitable);
    CHECK(*told == std::vector<std::string>{"a: no a", "b: no b", "c: no c"});
  };
  link.run(work(link, open));
}
