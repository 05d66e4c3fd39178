#include "hawser/crypto/keys.h"

namespace hawser::crypto {

Result<ByteVector> Signer::sign(const SignatureRow& row, Bytes data) const {
  if (!public_key().can_verify(row)) return Error(Errc::invalid_argument, "the algorithm is not for this key type");
  Result<ByteVector> signature = make_signature(row, data);
  if (!signature) return signature;
  // A fault in one half of a computation by the Chinese remainder theorem is enough to factor the modulus.
  if (row.key_type == KeyType::rsa && !public_key().verify(row, data, *signature)) {
    return Error(Errc::crypto_failure, "the signature just made does not verify");
  }
  return signature;
}

}  // namespace hawser::crypto
