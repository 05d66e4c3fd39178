// Cuts a byte stream into SFTP messages: uint32 length, then as many bytes (filexfer-02 §3). Used by both roles.
//
// Bytes stay in the memory they came in, except what must wait for the rest of its message and is small, or would hold
// one slab more than a few: that is gathered in blocks of its own, so that a peer cannot pin a slab with each piece it
// sends.
#pragma once

#include "hawser/wire/limits.h"
#include "hawser/wire/payload.h"
#include "hawser/wire/result.h"

namespace hawser::sftp {

// 256 KiB, and room for the header of a peer that fills all of that with data.
inline constexpr std::size_t maximum_message_size = limits::sftp_message + 1024;

class MessageStream {
 public:
  // The pool must outlive the stream. At most `maximum_message_size`, which one block of the pool holds.
  explicit MessageStream(BufferPool& pool, std::size_t maximum_size = maximum_message_size);

  void feed(Payload bytes);

  // The next whole message, without its length field, is put into `message` (which is cleared before); false when bytes
  // are missing. A length of 0 is `bad_value`, one above the maximum `message_too_large`: the stream cannot go on, and
  // repeats it.
  Result<bool> next(PayloadChain& message);

  // Bytes that were fed and not yet given back.
  std::size_t buffered() const { return pieces_.size() + gathered_.size(); }

 private:
  Result<void> read_length();
  void wait();
  bool would_hold_too_many_slabs(const Payload& next) const;
  void gather(Bytes bytes);
  void make_room(std::size_t size);
  void flush_gathered();

  BufferPool& pool_;
  std::size_t maximum_size_;
  PayloadChain pieces_;
  BlockRef block_;  // where small pieces are copied to
  std::size_t block_used_ = 0;
  Payload gathered_;        // the part of `block_` that comes after `pieces_`
  std::size_t needed_ = 0;  // length of the unfinished message, 0 while it is not known
  Error error_{Errc::ok};
};

// The first `count` bytes of `chain` in one piece: a reference where they lie in one, else a copy. They must be there.
Payload contiguous(const PayloadChain& chain, std::size_t count, BufferPool& pool);

}  // namespace hawser::sftp
