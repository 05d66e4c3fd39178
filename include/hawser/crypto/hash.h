// Hashing as SSH needs it: the exchange hash, key derivation, fingerprints.
#pragma once

#include <memory>
#include <string>

#include "hawser/crypto/algorithms.h"
#include "hawser/crypto/secret.h"

namespace hawser::crypto {

class Hash {
 public:
  explicit Hash(HashAlgorithm algorithm);
  ~Hash();
  Hash(Hash&&) noexcept;
  Hash& operator=(Hash&&) noexcept;

  Hash& update(Bytes bytes);
  Hash& update_uint32(std::uint32_t value);
  Hash& update_string(Bytes bytes);  // with its length in front, RFC 4251 §5
  ByteVector finish();               // and start again

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::size_t hash_size(HashAlgorithm algorithm);

// RFC 4253 §7.2: K1 = HASH(K || H || letter || session_id), extended until `size` bytes are there. `shared_secret` is K
// in its wire form (an mpint or a string, with its length).
SecretBytes derive_key(HashAlgorithm algorithm, Bytes shared_secret, Bytes exchange_hash, char letter, Bytes session_id,
                       std::size_t size);

std::string base64_encode(Bytes bytes);
Result<ByteVector> base64_decode(std::string_view text);

}  // namespace hawser::crypto
