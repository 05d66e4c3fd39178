// From K and H to the two keyed directions of a connection (RFC 4253 §7.2).
#pragma once

#include "hawser/crypto/packet_cipher.h"
#include "transport/exchange.h"

namespace hawser::transport {

struct KeyedDirections {
  std::unique_ptr<crypto::Sealer> sealer;
  std::unique_ptr<crypto::Opener> opener;
};

// Errors: crypto_failure.
Result<KeyedDirections> make_directions(Role role, const Algorithms& algorithms, const ExchangeResult& result,
                                        Bytes session_id);

}  // namespace hawser::transport
