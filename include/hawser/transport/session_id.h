// The session identifier: the exchange hash of the first key exchange (RFC 4253 §7.2). Only a transport can make one,
// so having one proves that a key exchange has finished; it never changes afterwards.
#pragma once

#include "hawser/wire/bytes.h"

namespace hawser::transport {

class SessionId {
 public:
  Bytes bytes() const { return bytes_; }

  // For programs and tests that use the layers above without a transport.
  static SessionId without_key_exchange(Bytes bytes) { return SessionId(to_vector(bytes)); }

 private:
  friend class Transport;
  explicit SessionId(ByteVector bytes) : bytes_(std::move(bytes)) {}
  ByteVector bytes_;
};

}  // namespace hawser::transport
