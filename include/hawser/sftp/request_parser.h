// Bytes in, requests out; knows no order and no limits but that of one message. `ServerEngine` adds those.
#pragma once

#include <optional>
#include <vector>

#include "hawser/sftp/message_stream.h"
#include "hawser/sftp/request.h"

namespace hawser::sftp {

class RequestParser {
 public:
  // The pool must outlive the parser.
  explicit RequestParser(BufferPool& pool, std::size_t maximum_size = maximum_message_size);

  void feed(Payload bytes) { stream_.feed(std::move(bytes)); }

  // nullopt: bytes are missing. An error ends the session: what follows cannot be told apart (a bad length), or there
  // is no id to answer to. A request that has an id but does not parse is a request of kind `Malformed`.
  // With `detach_small` a small request (limits::small_payload) is copied out of the slab it came in, so that it may
  // wait for long without pinning that.
  Result<std::optional<Request>> next(bool detach_small = false);

  // Takes a request that is no longer needed, to use its memory again. Without it a WRITE costs an allocation.
  void recycle(Request&& request);

  std::size_t buffered() const { return stream_.buffered(); }

 private:
  void detach();
  Request parse(std::uint8_t type);
  void parse_write(Request&);
  void parse_extended(Request&, Bytes message);

  BufferPool& pool_;
  MessageStream stream_;
  PayloadChain message_;
  std::vector<PayloadChain> spare_;
};

}  // namespace hawser::sftp
