#include "client_stream.h"

namespace hawser::server {

namespace {

class ClientStream final : public net::Stream {
 public:
  ClientStream(asio::generic::stream_protocol::socket socket, std::string peer_address,
               std::shared_ptr<Traffic> traffic)
      : socket_(net::socket_stream(std::move(socket))),
        peer_address_(std::move(peer_address)),
        traffic_(std::move(traffic)) {}

  net::IoResult try_read(MutableBytes into) override {
    const net::IoResult result = socket_->try_read(into);
    count(traffic_->received, result.count);
    return result;
  }
  net::IoResult try_write(std::span<const Bytes> pieces) override {
    const net::IoResult result = socket_->try_write(pieces);
    count(traffic_->sent, result.count);
    return result;
  }
  asio::awaitable<void> wait_readable() override { return socket_->wait_readable(); }
  asio::awaitable<void> wait_writable() override { return socket_->wait_writable(); }
  void shutdown_send() override { socket_->shutdown_send(); }
  void close() override { socket_->close(); }
  std::string peer_address() const override { return peer_address_; }

 private:
  std::unique_ptr<net::Stream> socket_;
  std::string peer_address_;
  std::shared_ptr<Traffic> traffic_;
};

}  // namespace

std::unique_ptr<net::Stream> client_stream(asio::generic::stream_protocol::socket socket, std::string peer_address,
                                           std::shared_ptr<Traffic> traffic) {
  return std::make_unique<ClientStream>(std::move(socket), std::move(peer_address), std::move(traffic));
}

}  // namespace hawser::server
