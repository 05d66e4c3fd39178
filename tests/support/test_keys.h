// One key of each type, made once per program from fixed random bytes.
#pragma once

#include <stdexcept>

#include "hawser/crypto/keys.h"
#include "support/fixed_random.h"

namespace hawser::test {

inline crypto::PrivateKey make_key(crypto::KeyType type, std::uint64_t seed) {
  FixedRandom random(seed);
  Result<crypto::PrivateKey> key = crypto::PrivateKey::generate(type, random, 2048);
  if (!key) throw std::runtime_error(key.error().message());
  return *std::move(key);
}

inline const crypto::PrivateKey& ed25519_key() {
  static const crypto::PrivateKey key = make_key(crypto::KeyType::ed25519, 1);
  return key;
}
inline const crypto::PrivateKey& other_ed25519_key() {
  static const crypto::PrivateKey key = make_key(crypto::KeyType::ed25519, 2);
  return key;
}
inline const crypto::PrivateKey& ecdsa_key() {
  static const crypto::PrivateKey key = make_key(crypto::KeyType::ecdsa_p256, 3);
  return key;
}
inline const crypto::PrivateKey& rsa_key() {
  static const crypto::PrivateKey key = make_key(crypto::KeyType::rsa, 4);
  return key;
}

inline const crypto::SignatureRow& signature_row(std::string_view name) {
  const crypto::SignatureRow* row = crypto::find_signature(name);
  if (row == nullptr) throw std::runtime_error("no such signature algorithm: " + std::string(name));
  return *row;
}
inline const crypto::SignatureRow& ed25519() { return signature_row("ssh-ed25519"); }

}  // namespace hawser::test
