// The first half of a group exchange (RFC 4419 §3): which group. The second half is a key exchange over it, as with any
// other group (exchange.h).
#pragma once

#include "hawser/crypto/moduli.h"
#include "hawser/transport/quirks.h"
#include "transport/exchange.h"

namespace hawser::transport {

bool is_group_exchange(const Algorithms& algorithms);

// What a client asks for: a group as strong as the stronger of the negotiated ciphers, as far as the peer can.
crypto::GroupRequest make_group_request(const Algorithms& algorithms, const Quirks& peer);
ByteVector encode(const crypto::GroupRequest& request);

// Client: the server's GROUP. Errors: bad_public_value (crypto::check_group), and those of decoding.
Result<AgreedGroup> take_group(const crypto::GroupRequest& request, Bytes payload, crypto::Random& random);

// Server: the answer to the client's REQUEST. `moduli` may be null, see TransportConfig. Errors: bad_value (sizes that
// are not in order), no_common_group, unexpected_message for the request's old form, and those of decoding.
struct GroupAnswer {
  AgreedGroup agreed;
  ByteVector message;
};
Result<GroupAnswer> answer_group_request(const crypto::Moduli* moduli, Bytes payload, crypto::Random& random);

}  // namespace hawser::transport
