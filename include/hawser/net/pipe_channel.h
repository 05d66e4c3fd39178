// A ByteChannel over two file descriptors: the standard input and output of `sftp-server`, a socketpair, the pipes of a
// child.
//
// A pipe that nobody reads any more raises no SIGPIPE: the channel tells by an error.
//
// Sending queues; what was sent within one turn of the event loop leaves in one gather write. A regular file as input
// works too.
#pragma once

#include <memory>

#include "hawser/net/byte_channel.h"

namespace hawser::net {

class PipeChannel final : public ByteChannel {
 public:
  // Owns both descriptors, which may be one and the same (a socket). They are non-blocking while the channel lives and
  // get their flags back at its end, since those are shared with whoever else has them open.
  PipeChannel(asio::any_io_executor executor, int input, int output, std::shared_ptr<BufferPool> pool = nullptr);
  ~PipeChannel() override;

  std::optional<Payload> try_receive() override;
  Awaitable<Result<Payload>> receive() override;
  void consumed(std::size_t) override {}  // a pipe has a window of its own
  void reserve(std::size_t size, PacketChain& out) override;
  void send(PacketChain& chain) override;
  bool writable() const override;
  Awaitable<Result<void>> wait_writable() override;
  void send_eof() override;
  // Receiving ends at once, sending when all that was sent before has been written.
  void close() override;
  asio::any_io_executor executor() const override;

  // After `close`: returns when everything has been written, or cannot be.
  Awaitable<void> wait_closed();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace hawser::net
