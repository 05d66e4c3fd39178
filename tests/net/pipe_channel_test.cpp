#include "hawser/net/pipe_channel.h"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <csignal>

#include <csignal>
#include <cstdio>

#include "hawser/net/spawn.h"
#include "support/pattern.h"
#include "support/run_awaitable.h"

namespace hawser::test {

using net::PipeChannel;

namespace {

// Two channels that talk to one another over pipes, or over one socket pair.
struct Ends {
  explicit Ends(bool sockets) {
    if (sockets) {
      int pair[2];
      REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
      one = std::make_unique<PipeChannel>(io.get_executor(), pair[0], pair[0]);
      two = std::make_unique<PipeChannel>(io.get_executor(), pair[1], pair[1]);
      return;
    }
    int forth[2], back[2];
    REQUIRE(::pipe(forth) == 0);
    REQUIRE(::pipe(back) == 0);
    one = std::make_unique<PipeChannel>(io.get_executor(), back[0], forth[1]);
    two = std::make_unique<PipeChannel>(io.get_executor(), forth[0], back[1]);
  }

  asio::io_context io;
  std::unique_ptr<PipeChannel> one, two;
};

void send(PipeChannel& channel, Bytes bytes) {
  PacketChain chain;
  channel.reserve(bytes.size(), chain);
  chain.write(bytes);
  channel.send(chain);
  CHECK(chain.size() == 0);
}

net::Awaitable<ByteVector> receive_all(PipeChannel& channel) {
  ByteVector all;
  while (true) {
    const Result<Payload> piece = co_await channel.receive();
    if (!piece || piece->empty()) co_return all;
    all.insert(all.end(), piece->bytes().begin(), piece->bytes().end());
    channel.consumed(piece->size());
  }
}

net::Awaitable<int> send_much(PipeChannel& channel, Bytes bytes, std::size_t step) {
  int waits = 0;
  for (std::size_t offset = 0; offset != bytes.size(); offset += step) {
    if (!channel.writable()) ++waits;
    const Result<void> ready = co_await channel.wait_writable();
    if (!ready) co_return -1;
    send(channel, bytes.subspan(offset, step));
  }
  channel.send_eof();
  co_return waits;
}

}  // namespace

TEST_CASE("pipe channel: what one end sends the other receives, then the end of the stream") {
  for (const bool sockets : {false, true}) {
    Ends ends(sockets);
    send(*ends.one, as_bytes("hello "));
    send(*ends.one, as_bytes("world"));
    ends.one->send_eof();
    CHECK(as_text(run(ends.io, receive_all(*ends.two))) == "hello world");
    // The other direction is still open.
    send(*ends.two, as_bytes("back"));
    ends.two->send_eof();
    CHECK(as_text(run(ends.io, receive_all(*ends.one))) == "back");
  }
}

TEST_CASE("pipe channel: much data flows, and the sender is held back while nobody reads") {
  for (const bool sockets : {false, true}) {
    Ends ends(sockets);
    const ByteVector data = pattern(8 * 1024 * 1024);
    std::optional<int> waits;
    net::spawn(ends.io.get_executor(), detail::keep_result(send_much(*ends.one, data, 128 * 1024), waits));
    settle(ends.io);
    CHECK_FALSE(waits.has_value());
    CHECK_FALSE(ends.one->writable());
    CHECK((run(ends.io, receive_all(*ends.two)) == data));
    settle(ends.io);
    REQUIRE(waits.has_value());
    CHECK(*waits > 0);
  }
}

TEST_CASE("pipe channel: pieces keep their bytes however long they are kept") {
  Ends ends(false);
  std::vector<Payload> kept;
  for (int i = 0; i != 40; ++i) {
    send(*ends.one, pattern(30000 + static_cast<std::size_t>(i)));
    settle(ends.io);
    for (std::optional<Payload> piece = ends.two->try_receive(); piece; piece = ends.two->try_receive()) {
      kept.push_back(std::move(*piece));
    }
  }
  ByteVector all;
  for (const Payload& piece : kept) all.insert(all.end(), piece.bytes().begin(), piece.bytes().end());
  ByteVector expected;
  for (int i = 0; i != 40; ++i) {
    const ByteVector part = pattern(30000 + static_cast<std::size_t>(i));
    expected.insert(expected.end(), part.begin(), part.end());
  }
  CHECK((all == expected));
}

TEST_CASE("pipe channel: try_receive gives nothing where nothing has come, and leaves the end to receive") {
  Ends ends(false);
  CHECK_FALSE(ends.two->try_receive());
  ends.one->send_eof();
  settle(ends.io);
  CHECK_FALSE(ends.two->try_receive());
  const Result<Payload> end = run(ends.io, ends.two->receive());
  REQUIRE(end);
  CHECK(end->empty());
}

TEST_CASE("pipe channel: a reader that has gone is an error for the writer") {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  for (const bool sockets : {false, true}) {
    if (sockets) std::signal(SIGPIPE, before);  // sockets need no help
    Ends ends(sockets);
    ends.two.reset();
    send(*ends.one, as_bytes("to nobody"));
    settle(ends.io);
    const Result<void> writable = run(ends.io, ends.one->wait_writable());
    REQUIRE_FALSE(writable);
    CHECK(writable.error().code() == Errc::closed);
  }
}

TEST_CASE("pipe channel: close sends what was sent before it, and ends a waiting receive") {
  Ends ends(false);
  const ByteVector data = pattern(500000);
  std::optional<Result<Payload>> received;
  net::spawn(ends.io.get_executor(), detail::keep_result(ends.one->receive(), received));
  settle(ends.io);
  send(*ends.one, data);
  ends.one->close();
  settle(ends.io);
  REQUIRE(received.has_value());
  REQUIRE_FALSE(*received);
  CHECK(received->error().code() == Errc::closed);
  CHECK((run(ends.io, receive_all(*ends.two)) == data));
  run(ends.io, ends.one->wait_closed());
}

TEST_CASE("pipe channel: a regular file can be its input, and descriptors get their flags back") {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  std::fputs("from a file", file);
  std::rewind(file);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const int kept = ::dup(ends[1]);
  {
    asio::io_context io;
    PipeChannel channel(io.get_executor(), ::dup(::fileno(file)), ends[1]);
    CHECK((::fcntl(kept, F_GETFL) & O_NONBLOCK) != 0);
    CHECK(as_text(run(io, receive_all(channel))) == "from a file");
  }
  CHECK((::fcntl(kept, F_GETFL) & O_NONBLOCK) == 0);
  ::close(kept);
  ::close(ends[0]);
  std::fclose(file);
}

}  // namespace hawser::test
