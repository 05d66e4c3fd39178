// A channel where a socket is expected: an SSH connection through another one.
#include <algorithm>

#include "hawser/net/channel.h"
#include "hawser/net/connection.h"
#include "hawser/net/stream.h"
#include "hawser/wire/copy_bytes.h"

namespace hawser::net {
namespace {

class ChannelStream final : public Stream {
 public:
  explicit ChannelStream(std::shared_ptr<Channel> channel) : channel_(std::move(channel)) {}
  ~ChannelStream() override { close(); }

  IoResult try_read(MutableBytes into) override {
    if (piece_.empty()) {
      if (std::optional<Payload> next = channel_->try_receive()) piece_ = std::move(*next);
    }
    if (piece_.empty()) return {.count = 0, .would_block = !ended_, .error = failure_};
    const std::size_t count = std::min(into.size(), piece_.size());
    copy_bytes(piece_.bytes().first(count), into);
    piece_.remove_prefix(count);
    channel_->consumed(count);
    return {.count = count, .would_block = false, .error = {}};
  }

  IoResult try_write(std::span<const Bytes> pieces) override {
    if (write_failure_) return {.count = 0, .would_block = false, .error = write_failure_};
    std::size_t count = 0;
    for (const Bytes piece : pieces) {
      if (!channel_->writable()) break;
      channel_->reserve(piece.size(), chain_);
      chain_.write(piece);
      channel_->send(chain_);
      count += piece.size();
    }
    return {.count = count, .would_block = count == 0, .error = {}};
  }

  asio::awaitable<void> wait_readable() override {
    if (!piece_.empty() || ended_) co_return;
    const std::shared_ptr<Channel> channel = channel_;
    Result<Payload> next = co_await channel->receive();
    if (next && !next->empty()) {
      piece_ = std::move(*next);
      co_return;
    }
    ended_ = true;
    if (!next) failure_ = std::make_error_code(std::errc::connection_reset);
  }

  asio::awaitable<void> wait_writable() override {
    const std::shared_ptr<Channel> channel = channel_;
    const Result<void> ready = co_await channel->wait_writable();
    if (!ready) write_failure_ = std::make_error_code(std::errc::broken_pipe);
  }

  void shutdown_send() override { channel_->send_eof(); }
  void close() override { channel_->close(); }
  std::string peer_address() const override { return "channel of " + channel_->connection().peer_address(); }

 private:
  std::shared_ptr<Channel> channel_;
  Payload piece_;  // received, and not yet read
  PacketChain chain_;
  bool ended_ = false;
  std::error_code failure_, write_failure_;
};

}  // namespace

std::unique_ptr<Stream> channel_stream(std::shared_ptr<Channel> channel) {
  return std::make_unique<ChannelStream>(std::move(channel));
}

}  // namespace hawser::net
