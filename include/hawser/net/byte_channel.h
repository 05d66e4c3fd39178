// A two-way byte stream in pieces, as SFTP needs it: an SSH channel (`net::Channel`) or a pair of pipes
// (`net::PipeChannel`). Received pieces stay where they were decrypted; data to send is written into packet buffers
// that the stream supplies.
//
// Not thread-safe: everything is called on the stream's executor.
#pragma once

#include <asio/any_io_executor.hpp>
#include <optional>

#include "hawser/net/awaitable.h"
#include "hawser/wire/packet_chain.h"
#include "hawser/wire/payload.h"
#include "hawser/wire/result.h"

namespace hawser::net {

class ByteChannel {
 public:
  virtual ~ByteChannel() = default;

  // The next piece, if one has arrived; does not wait.
  virtual std::optional<Payload> try_receive() = 0;
  // The next piece; empty at the end of the stream. Errors: why the stream broke. One waiter at a time.
  virtual Awaitable<Result<Payload>> receive() = 0;
  // The owner is done with this much received data; until then it counts against what the peer may send ahead.
  virtual void consumed(std::size_t count) = 0;

  // Room for `size` bytes, appended to `out`, to be filled and sent. `send` empties the chain; it never waits, so a
  // writer that has much to send waits for `writable` between messages.
  virtual void reserve(std::size_t size, PacketChain& out) = 0;
  virtual void send(PacketChain& chain) = 0;
  virtual bool writable() const = 0;
  // Returns when `writable()`. Errors: why the stream broke. One waiter at a time.
  virtual Awaitable<Result<void>> wait_writable() = 0;

  // After what was sent before it. Receiving goes on.
  virtual void send_eof() = 0;
  virtual void close() = 0;
  virtual asio::any_io_executor executor() const = 0;
};

}  // namespace hawser::net
