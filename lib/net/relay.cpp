#include "hawser/net/relay.h"

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include "hawser/net/connection.h"
#include "hawser/net/spawn.h"

namespace hawser::net {
namespace {

constexpr std::size_t piece_size = 32 * 1024;
// Moved without a look at the event loop's other work: a fast pair must not starve the rest of the connection.
constexpr std::size_t turn_size = 256 * 1024;

// What the peer sent before its CLOSE is still delivered, within this time.
constexpr std::chrono::seconds linger_time{10};

struct Relay {
  Relay(std::shared_ptr<Channel> c, std::unique_ptr<Stream> s)
      : channel(std::move(c)), stream(std::move(s)), delivered(channel->executor()) {}

  std::shared_ptr<Channel> channel;
  std::unique_ptr<Stream> stream;
  int directions = 2;
  bool delivering = true;  // from the channel to the stream
  Signal delivered;

  void direction_ended() {
    if (--directions == 0) close();
  }
  void close() {
    channel->close();
    stream->close();
  }
};

// False: the stream takes no more.
Awaitable<bool> write_all(std::shared_ptr<Relay> relay, Payload piece) {
  while (!piece.empty()) {
    const Bytes bytes = piece.bytes();
    const IoResult wrote = relay->stream->try_write(std::span(&bytes, 1));
    if (wrote.error) co_return false;
    piece.remove_prefix(wrote.count);
    if (wrote.would_block) co_await relay->stream->wait_writable();
  }
  co_return true;
}

Awaitable<void> channel_to_stream(std::shared_ptr<Relay> relay) {
  while (true) {
    const Result<Payload> piece = co_await relay->channel->receive();
    if (!piece || piece->empty()) break;
    const bool written = co_await write_all(relay, *piece);
    if (!written) {
      relay->close();
      break;
    }
    // Only now: a stream that does not read holds back the peer.
    relay->channel->consumed(piece->size());
  }
  relay->stream->shutdown_send();
  relay->delivering = false;
  relay->delivered.notify();
  relay->direction_ended();
}

Awaitable<void> stream_to_channel(std::shared_ptr<Relay> relay) {
  PacketChain chain;
  std::size_t moved = 0;
  while (true) {
    const Result<void> ready = co_await relay->channel->wait_writable();
    if (!ready) break;
    relay->channel->reserve(piece_size, chain);
    const IoResult got = relay->stream->try_read(chain.areas(piece_size).front());
    if (got.would_block) {
      chain.clear();  // an idle stream holds no memory
      co_await relay->stream->wait_readable();
      continue;
    }
    if (got.error) {
      relay->close();
      break;
    }
    if (got.count == 0) {
      relay->channel->send_eof();
      break;
    }
    chain.advance(got.count);
    relay->channel->send(chain);
    moved += got.count;
    if (moved >= turn_size) {
      moved = 0;
      co_await asio::post(relay->channel->executor(), asio::use_awaitable);
    }
  }
  relay->direction_ended();
}

// The channel has closed, and with it its place among the connection's channels: so there is a count of those that
// linger, or a peer could pile up what a stream does not take.
Awaitable<void> linger(std::shared_ptr<Relay> relay) {
  Connection& connection = relay->channel->connection();
  if (!relay->delivering || !connection.begin_lingering()) co_return;
  asio::steady_timer timer(relay->channel->executor(), linger_time);
  timer.async_wait([relay](const asio::error_code& cancelled) {
    if (!cancelled) relay->stream->close();
  });
  while (relay->delivering) co_await relay->delivered.wait();
  connection.end_lingering();
}

}  // namespace

Awaitable<void> relay(std::shared_ptr<Channel> channel, std::unique_ptr<Stream> stream) {
  const auto joined = std::make_shared<Relay>(channel, std::move(stream));
  net::spawn(channel->executor(), channel_to_stream(joined));
  net::spawn(channel->executor(), stream_to_channel(joined));
  co_await channel->wait_closed();
  co_await linger(joined);
  joined->stream->close();
}

}  // namespace hawser::net
