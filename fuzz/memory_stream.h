// A connection's byte stream in memory, for one that runs on an io_context which is polled, never run: no socket, no
// thread, no time.
#pragma once

#include "hawser/net/signal.h"
#include "hawser/net/stream.h"

namespace hawser::fuzz {

// Both directions of the stream, as the harness sees them.
struct Wire {
  explicit Wire(const asio::any_io_executor& executor) : readable(executor) {}

  void give(Bytes bytes) {
    incoming.insert(incoming.end(), bytes.begin(), bytes.end());
    readable.notify();
  }
  void end() {
    ended = true;
    readable.notify();
  }
  ByteVector take() { return std::exchange(outgoing, {}); }

  ByteVector incoming, outgoing;  // of the connection
  bool ended = false;             // by the harness
  bool closed = false;            // by the connection
  net::Signal readable;
};

class MemoryStream final : public net::Stream {
 public:
  explicit MemoryStream(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}

  net::IoResult try_read(MutableBytes into) override {
    const std::size_t count = std::min(into.size(), wire_->incoming.size());
    std::copy_n(wire_->incoming.begin(), count, into.begin());
    wire_->incoming.erase(wire_->incoming.begin(), wire_->incoming.begin() + static_cast<std::ptrdiff_t>(count));
    return {.count = count, .would_block = count == 0 && !wire_->ended && !wire_->closed, .error = {}};
  }
  net::IoResult try_write(std::span<const Bytes> pieces) override {
    std::size_t count = 0;
    for (const Bytes piece : pieces) {
      if (!wire_->closed) wire_->outgoing.insert(wire_->outgoing.end(), piece.begin(), piece.end());
      count += piece.size();
    }
    return {.count = count, .would_block = false, .error = {}};
  }
  asio::awaitable<void> wait_readable() override {
    while (wire_->incoming.empty() && !wire_->ended && !wire_->closed) co_await wire_->readable.wait();
  }
  asio::awaitable<void> wait_writable() override { co_return; }
  void shutdown_send() override {}
  void close() override {
    wire_->closed = true;
    wire_->readable.notify();
  }
  std::string peer_address() const override { return "192.0.2.1:50022"; }

 private:
  std::shared_ptr<Wire> wire_;
};

}  // namespace hawser::fuzz
