// A channel joined with a stream, over a whole connection and a socket pair.
#include "hawser/net/relay.h"
#include "hawser/net/spawn.h"

#include <doctest/doctest.h>

#include "support/linked_connections.h"
#include "support/pattern.h"

using namespace hawser;
using test::LinkedConnections;
using test::pattern;

namespace {

net::Awaitable<bool> write_all(net::Stream& stream, ByteVector bytes) {
  Bytes rest(bytes);
  while (!rest.empty()) {
    const net::IoResult wrote = stream.try_write(std::span(&rest, 1));
    if (wrote.error) co_return false;
    rest = rest.subspan(wrote.count);
    if (wrote.would_block) co_await stream.wait_writable();
  }
  co_return true;
}

net::Awaitable<ByteVector> read_all(net::Stream& stream) {
  ByteVector all;
  ByteVector space(10000);
  while (true) {
    const net::IoResult got = stream.try_read(space);
    if (got.would_block) {
      co_await stream.wait_readable();
      continue;
    }
    if (got.error || got.count == 0) co_return all;
    all.insert(all.end(), space.begin(), space.begin() + static_cast<std::ptrdiff_t>(got.count));
  }
}

net::Awaitable<ByteVector> read_all(net::Channel& channel) {
  ByteVector all;
  while (true) {
    const Result<Payload> piece = co_await channel.receive();
    if (!piece || piece->empty()) co_return all;
    all.insert(all.end(), piece->bytes().begin(), piece->bytes().end());
    channel.consumed(piece->size());
  }
}

// The server's end of every exec is relayed to one end of a socket pair; the test has the other.
struct RelayedLink : LinkedConnections {
  explicit RelayedLink(session::SessionConfig client_config = {}, session::SessionConfig server_config = {})
      : LinkedConnections(std::move(client_config), std::move(server_config)) {
    auto ends = test::stream_pair(context);
    near_end = std::move(ends.first);
    far_end = std::move(ends.second);
    server_handler.exec = [this](std::shared_ptr<net::Channel> channel, std::string) {
      return net::relay(std::move(channel), std::move(near_end));
    };
  }
  static net::Awaitable<std::shared_ptr<net::Channel>> open(RelayedLink& link) {
    const bool in = co_await link.client_handler.login();
    REQUIRE(in);
    const Result<std::shared_ptr<net::Channel>> opened = co_await link.client->open_channel("session", {});
    REQUIRE(opened.has_value());
    ByteVector command(4);
    const Result<bool> accepted = co_await (*opened)->request("exec", command);
    REQUIRE(accepted.has_value());
    co_return *opened;
  }
  std::unique_ptr<net::Stream> near_end, far_end;
};

net::Awaitable<void> send_and_end(std::shared_ptr<net::Channel> channel, ByteVector bytes) {
  const Result<void> sent = co_await channel->write(bytes);
  CHECK(sent.has_value());
  channel->send_eof();
}

net::Awaitable<void> send_and_end(net::Stream& stream, ByteVector bytes) {
  const bool sent = co_await write_all(stream, std::move(bytes));
  CHECK(sent);
  stream.shutdown_send();
}

net::Awaitable<void> both_ways(RelayedLink& link, std::size_t size) {
  const std::shared_ptr<net::Channel> channel = co_await RelayedLink::open(link);
  const ByteVector content = pattern(size);
  net::spawn(link.context.get_executor(), send_and_end(channel, content));
  net::spawn(link.context.get_executor(), send_and_end(*link.far_end, content));
  const ByteVector at_stream = co_await read_all(*link.far_end);
  const ByteVector at_channel = co_await read_all(*channel);
  CHECK((at_stream == content));
  CHECK((at_channel == content));
  channel->close();
  co_await channel->wait_closed();
}

}  // namespace

TEST_CASE("relay: 5 MB both ways at once, each direction with an end of its own") {
  RelayedLink link;
  link.run(both_ways(link, 5'000'000));
}

TEST_CASE("relay: windows and packets of a few bytes only slow it down") {
  session::SessionConfig client, server;
  client.channels.initial_window = 300;
  client.channels.maximum_packet = 50;
  server.channels.initial_window = 200;
  server.channels.maximum_packet = 70;
  RelayedLink link(client, server);
  link.run(both_ways(link, 20'000));
}

TEST_CASE("relay: what was sent before CLOSE is delivered to a stream that takes its time") {
  RelayedLink link;
  const auto work = [](RelayedLink& at) -> net::Awaitable<void> {
    const std::shared_ptr<net::Channel> channel = co_await RelayedLink::open(at);
    const ByteVector content = pattern(1'500'000);
    const Result<void> sent = co_await channel->write(content);
    CHECK(sent.has_value());
    channel->close();
    co_await channel->wait_closed();  // both sides have closed, and nothing has been read from the stream
    const ByteVector got = co_await read_all(*at.far_end);
    CHECK((got == content));
  };
  link.run(work(link));
}

TEST_CASE("relay: a stream that breaks closes the channel, a channel that closes the stream") {
  RelayedLink link;
  SUBCASE("stream") {
    const auto work = [](RelayedLink& at) -> net::Awaitable<void> {
      const std::shared_ptr<net::Channel> channel = co_await RelayedLink::open(at);
      at.far_end.reset();
      const ByteVector nothing = co_await read_all(*channel);
      CHECK(nothing.empty());
      // Its reader is gone too: sending is what finds out.
      while (channel->open()) {
        const ByteVector piece(1000);
        const Result<void> sent = co_await channel->write(piece);
        if (!sent) break;
        co_await asio::post(at.context, asio::use_awaitable);
      }
      co_await channel->wait_closed();
    };
    link.run(work(link));
  }
  SUBCASE("channel") {
    const auto work = [](RelayedLink& at) -> net::Awaitable<void> {
      const std::shared_ptr<net::Channel> channel = co_await RelayedLink::open(at);
      channel->close();
      const ByteVector nothing = co_await read_all(*at.far_end);
      CHECK(nothing.empty());
    };
    link.run(work(link));
  }
  SUBCASE("connection") {
    const auto work = [](RelayedLink& at) -> net::Awaitable<void> {
      const std::shared_ptr<net::Channel> channel = co_await RelayedLink::open(at);
      at.server->abort(Error(Errc::closed));
      const ByteVector nothing = co_await read_all(*at.far_end);
      CHECK(nothing.empty());
    };
    link.run(work(link));
  }
}
