#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <sys/socket.h>
#include <array>
#include <cerrno>

#include "hawser/net/stream.h"

namespace hawser::net {
namespace {

using Socket = asio::generic::stream_protocol::socket;

std::string address_text(const Socket& socket) {
  asio::error_code error;
  const asio::generic::stream_protocol::endpoint peer = socket.remote_endpoint(error);
  if (error) return "unknown";
  const int family = peer.protocol().family();
  if (family == AF_UNIX) return "unix";
  asio::ip::tcp::endpoint endpoint;
  if (peer.size() > endpoint.capacity()) return "unknown";
  std::memcpy(endpoint.data(), peer.data(), peer.size());
  endpoint.resize(peer.size());
  const std::string address = endpoint.address().to_string();
  return (family == AF_INET6 ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

class SocketStream final : public Stream {
 public:
  explicit SocketStream(Socket socket) : socket_(std::move(socket)), peer_address_(address_text(socket_)) {
    asio::error_code ignored;
    socket_.non_blocking(true, ignored);
    if (socket_.local_endpoint(ignored).protocol().family() != AF_UNIX) {
      socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    }
  }

  IoResult try_read(MutableBytes into) override {
    ssize_t count = 0;
    do {
      count = ::recv(socket_.native_handle(), into.data(), into.size(), 0);
    } while (count < 0 && errno == EINTR);
    return result_of(count);
  }

  IoResult try_write(std::span<const Bytes> pieces) override {
    std::array<iovec, 64> areas{};
    const std::size_t used = std::min(pieces.size(), areas.size());
    for (std::size_t i = 0; i < used; ++i) {
      areas[i] = {const_cast<std::uint8_t*>(pieces[i].data()), pieces[i].size()};  // sendmsg only reads
    }
    msghdr message{};
    message.msg_iov = areas.data();
    message.msg_iovlen = used;
    ssize_t count = 0;
    do {
      count = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL);
    } while (count < 0 && errno == EINTR);
    return result_of(count);
  }

  asio::awaitable<void> wait_readable() override { return wait(Socket::wait_read); }
  asio::awaitable<void> wait_writable() override { return wait(Socket::wait_write); }

  void shutdown_send() override {
    asio::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }

  void close() override {
    asio::error_code ignored;
    // First a FIN behind what was sent: closing with unread input would make it a reset, and the peer might lose our
    // DISCONNECT.
    socket_.shutdown(Socket::shutdown_both, ignored);
    socket_.close(ignored);
  }

  std::string peer_address() const override { return peer_address_; }

 private:
  static IoResult result_of(ssize_t count) {
    if (count >= 0) return {.count = static_cast<std::size_t>(count), .would_block = false, .error = {}};
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {.count = 0, .would_block = true, .error = {}};
    return {.count = 0, .would_block = false, .error = std::error_code(errno, std::system_category())};
  }

  asio::awaitable<void> wait(Socket::wait_type what) {
    asio::error_code closed;
    co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable, closed));
  }

  Socket socket_;
  std::string peer_address_;
};

}  // namespace

std::unique_ptr<Stream> socket_stream(Socket socket) { return std::make_unique<SocketStream>(std::move(socket)); }

}  // namespace hawser::net
