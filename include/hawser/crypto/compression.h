// zlib (RFC 1950, RFC 1951) as SSH uses it (RFC 4253 §6.2): one stream over all packets of a direction between two key
// exchanges, flushed at the end of each packet, so that each can be read when it comes.
#pragma once

#include <memory>

#include "hawser/wire/bytes.h"
#include "hawser/wire/result.h"

namespace hawser::crypto {

class Compressor {
 public:
  // Takes about 268 KB. Throws std::bad_alloc.
  Compressor();
  ~Compressor();
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  // The payload's part of the stream; valid until the next call. A compressor that has failed must not be used again.
  // Errors: crypto_failure.
  Result<Bytes> compress(Bytes payload);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Decompressor {
 public:
  // Takes about 44 KB once it has been used. Throws std::bad_alloc.
  Decompressor();
  ~Decompressor();
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  // What a packet's part of the stream stands for; valid until the next call. However much that is, memory is taken for
  // no more than `limit` bytes. A decompressor that has failed must not be used again. Errors: bad_compression,
  // packet_too_large.
  Result<Bytes> decompress(Bytes packet, std::size_t limit);
  // Overwrites what the last call gave. (What zlib looks back at, the last 32 KiB, stays with it.)
  void wipe();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hawser::crypto
