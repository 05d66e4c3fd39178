// What a connection reads from and writes to: a socket, or any byte stream that can be tried without waiting.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <memory>
#include <string>

#include "hawser/wire/bytes.h"

namespace hawser::net {

struct IoResult {
  std::size_t count = 0;  // bytes moved; 0 with neither flag set is the end of the stream (reading)
  bool would_block = false;
  std::error_code error;
};

class Stream {
 public:
  virtual ~Stream() = default;
  virtual IoResult try_read(MutableBytes into) = 0;
  virtual IoResult try_write(std::span<const Bytes> pieces) = 0;  // one gather write, as much as fits
  // Return when another try may succeed, or the stream is closed.
  virtual asio::awaitable<void> wait_readable() = 0;
  virtual asio::awaitable<void> wait_writable() = 0;
  virtual void shutdown_send() = 0;              // the peer sees the end of the stream; reading goes on
  virtual void close() = 0;                      // wakes both waiters; may be called twice
  virtual std::string peer_address() const = 0;  // "192.0.2.1:50022", "[2001:db8::1]:50022", "unix:/path"
};

// TCP (with TCP_NODELAY) and Unix sockets.
std::unique_ptr<Stream> socket_stream(asio::generic::stream_protocol::socket socket);

}  // namespace hawser::net
