// One side of one key exchange: makes its public value, takes the peer's, gives the shared secret. One object per
// exchange; its private value is wiped with it.
//
// Client: `client_start` → peer → `client_finish`. Server: `server_respond` with the client's value gives both
// results at once (a hybrid method can only answer, so the two roles differ).
//
// Public values are the content of the field that carries them, be it an mpint (modp groups) or a string (curves): on
// the wire both are a length and bytes.
#pragma once

#include <memory>

#include "hawser/crypto/algorithms.h"
#include "hawser/crypto/dh_group.h"
#include "hawser/crypto/random.h"
#include "hawser/crypto/secret.h"

namespace hawser::crypto {

struct AgreedSecret {
  SecretBytes shared_secret;  // K in wire form, length included: what the exchange hash and key derivation take
  ByteVector public_value;    // the server's reply value
};

class KeyAgreement {
 public:
  virtual ~KeyAgreement() = default;
  // The client's value. Errors: crypto_failure.
  virtual Result<ByteVector> client_start() = 0;
  // Errors: bad_public_value (range, length, zero or low order, not on the curve), crypto_failure.
  virtual Result<SecretBytes> client_finish(Bytes server_public_value) = 0;
  virtual Result<AgreedSecret> server_respond(Bytes client_public_value) = 0;
};

// `random` is borrowed for the life of the result. Null for a group exchange, whose group is not part of its row.
std::unique_ptr<KeyAgreement> make_key_agreement(const KexRow& row, Random& random);
// The same for a group exchange, once the group is chosen (Moduli::choose) or checked (check_group).
std::unique_ptr<KeyAgreement> make_group_agreement(const DhGroup& group, HashAlgorithm hash, Random& random);

}  // namespace hawser::crypto
