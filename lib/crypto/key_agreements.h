// The methods behind make_key_agreement. All but the hybrids of ML-KEM are of one shape: both sides make a key pair and
// combine their private value with the peer's public one.
#pragma once

#include "hawser/crypto/key_agreement.h"

namespace hawser::crypto {

// Turns the two steps of such a method into the roles of KeyAgreement, and Botan's exceptions into errors.
class TwoSidedKeyAgreement : public KeyAgreement {
 public:
  Result<ByteVector> client_start() final;
  Result<SecretBytes> client_finish(Bytes server_public_value) final;
  Result<AgreedSecret> server_respond(Bytes client_public_value) final;

 private:
  Result<SecretBytes> agree_once(Bytes peer_public_value);

  // Makes the private value and gives the public one. May throw.
  virtual ByteVector generate() = 0;
  // May throw, which means that the peer's value is no good.
  virtual Result<SecretBytes> agree(Bytes peer_public_value) = 0;
  // Wipes the private value: it serves one exchange.
  virtual void forget() = 0;

  bool generated_ = false;
};

// The wire form of K as an mpint, from its big-endian bytes.
SecretBytes mpint_secret(Bytes unsigned_big_endian);

std::unique_ptr<KeyAgreement> make_x25519(Random& random);
std::unique_ptr<KeyAgreement> make_ecdh(KexFamily family, Random& random);
std::unique_ptr<KeyAgreement> make_modp(KexFamily family, HashAlgorithm hash, Random& random);
std::unique_ptr<KeyAgreement> make_mlkem_hybrid(const KexRow& row, Random& random);

}  // namespace hawser::crypto
