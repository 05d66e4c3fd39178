// What a channel has received and nobody has taken yet: of its data, or of its stderr.
//
// Bytes that somebody waits for are passed on where they lie, in the transport's slabs. Bytes that must wait may not
// keep much more memory than their own: a few slabs stay as they are, so that a reader which is busy for a moment
// costs no copy; beyond them, and where pieces are small, the bytes are packed together. So a queue holds at most its
// bytes, `waiting_slabs` slabs and one packed block (and what one read of the socket has brought for a waiting reader).
#pragma once

#include <optional>

#include "hawser/net/signal.h"
#include "hawser/wire/payload.h"

namespace hawser::net {

class ReceiveQueue {
 public:
  ReceiveQueue(const asio::any_io_executor& executor, std::size_t waiting_slabs)
      : arrived_(executor), waiting_slabs_(waiting_slabs) {}

  void append(Payload piece, BufferPool& pool);
  // The next piece; nullopt: there is none.
  std::optional<Payload> take();

  // Something has been appended, or there is something else to look at.
  asio::awaitable<void> wait() { return arrived_.wait(); }
  void notify() { arrived_.notify(); }

 private:
  void pack(Bytes bytes, BufferPool& pool);

  PayloadChain pieces_;
  Signal arrived_;
  std::size_t waiting_slabs_;
  std::size_t slabs_ = 0;  // runs of pieces in one slab
  BlockRef packed_;        // where the next bytes are packed,
  std::size_t used_ = 0;   // behind so many
};

}  // namespace hawser::net
