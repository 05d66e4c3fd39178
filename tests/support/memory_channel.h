// Two ends of a byte stream in memory, on one io_context: what one sends the other receives. For tests of whatever runs
// over a ByteChannel, without SSH and without sockets.
//
//   asio::io_context io;
//   auto [client, server] = test::MemoryChannel::pair(io.get_executor());
#pragma once

#include <deque>
#include <memory>
#include <utility>

#include "hawser/net/byte_channel.h"
#include "hawser/net/signal.h"

namespace hawser::test {

class MemoryChannel final : public net::ByteChannel {
 public:
  // `part_size` is the size of the packets that `reserve` gives, as the maximum packet size of an SSH channel would be.
  explicit MemoryChannel(const asio::any_io_executor& executor, std::size_t part_size = 32 * 1024)
      : executor_(executor), part_size_(part_size), data_(executor), room_(executor) {}

  static std::pair<std::shared_ptr<MemoryChannel>, std::shared_ptr<MemoryChannel>> pair(
      const asio::any_io_executor& executor, std::size_t part_size = 32 * 1024) {
    auto a = std::make_shared<MemoryChannel>(executor, part_size);
    auto b = std::make_shared<MemoryChannel>(executor, part_size);
    a->peer_ = b;
    b->peer_ = a;
    return {a, b};
  }

  std::optional<Payload> try_receive() override {
    if (received_.empty()) return std::nullopt;
    Payload piece = received_.pieces().front();
    received_.consume(piece.size());
    return piece;
  }

  net::Awaitable<Result<Payload>> receive() override {
    while (true) {
      if (std::optional<Payload> piece = try_receive()) co_return std::move(*piece);
      if (broken_.code() != Errc::ok) co_return broken_;
      if (eof_) co_return Payload();
      co_await data_.wait();
    }
  }

  void consumed(std::size_t count) override { consumed_ += count; }

  void reserve(std::size_t size, PacketChain& out) override {
    while (size != 0) {
      const std::size_t count = std::min(size, part_size_);
      // A header in front of each part, as CHANNEL_DATA has one.
      out.append(PacketBuffer(*pool_, header_size + count), header_size);
      size -= count;
    }
  }

  void send(PacketChain& chain) override {
    if (const std::shared_ptr<MemoryChannel> peer = peer_.lock()) {
      for (const PacketChain::Part& part : chain.parts()) {
        peer->deliver(Payload::copy_of(part.buffer.payload().subspan(part.header_size), *pool_));
      }
    }
    chain.clear();
  }

  bool writable() const override { return writable_; }

  net::Awaitable<Result<void>> wait_writable() override {
    while (!writable_) co_await room_.wait();
    co_return Result<void>();
  }

  void send_eof() override {
    if (const std::shared_ptr<MemoryChannel> peer = peer_.lock()) peer->end();
  }
  void close() override {
    send_eof();
    end();
  }
  asio::any_io_executor executor() const override { return executor_; }

  // For the test: what this end receives, and how it behaves.
  void deliver(Payload piece) {
    received_.append(std::move(piece));
    data_.notify();
  }
  void deliver(Bytes bytes) { deliver(Payload::copy_of(bytes, *pool_)); }
  void end() {
    eof_ = true;
    data_.notify();
  }
  void fail(Error error) {
    broken_ = error;
    data_.notify();
  }
  void set_writable(bool writable) {
    writable_ = writable;
    room_.notify();
  }
  std::size_t received_consumed() const { return consumed_; }
  std::size_t waiting() const { return received_.size(); }
  BufferPool& pool() { return *pool_; }

  static constexpr std::size_t header_size = 9;

 private:
  asio::any_io_executor executor_;
  std::size_t part_size_;
  std::shared_ptr<BufferPool> pool_ = BufferPool::create();
  std::weak_ptr<MemoryChannel> peer_;
  PayloadChain received_;
  net::Signal data_, room_;
  std::size_t consumed_ = 0;
  bool writable_ = true;
  bool eof_ = false;
  Error broken_{Errc::ok};
};

}  // namespace hawser::test
