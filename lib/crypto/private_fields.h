// The fields of a private key as openssh-key-v1 holds them (OpenSSH PROTOCOL.key and sshkey.c), from behind the type
// name up to the comment:
//   ssh-ed25519   string public, string seed || public
//   ecdsa-sha2-*  string curve, string Q, mpint d
//   ssh-rsa       mpint n, mpint e, mpint d, mpint iqmp, mpint p, mpint q
#pragma once

#include <memory>

#include "crypto/botan_compat.h"
#include "crypto/key_types.h"
#include "hawser/crypto/random.h"
#include "hawser/crypto/secret.h"
#include "hawser/wire/reader.h"

namespace hawser::crypto {

struct PrivateFields {
  std::unique_ptr<Botan::Private_Key> key;
  ByteVector public_blob;
};

// Reads the fields and checks that they belong together. Errors: bad_key. May throw Botan's exceptions, which mean the
// same.
Result<PrivateFields> read_private_fields(const KeyTypeRow& row, wire::Reader& reader);

// The fields of a key that is known by its numbers. May throw Botan's exceptions.
SecretBytes ed25519_fields(Bytes seed);
SecretBytes ecdsa_fields(const KeyTypeRow& row, const Botan::BigInt& d);  // d in 1 … order − 1
struct RsaNumbers {
  Botan::BigInt n, e, d, iqmp, p, q;  // each positive and of at most `maximum_rsa_bits`
};
SecretBytes rsa_fields(const RsaNumbers& numbers);

// The fields of a new key. May throw Botan's exceptions.
SecretBytes generate_private_fields(const KeyTypeRow& row, Random& random, std::size_t rsa_bits);

}  // namespace hawser::crypto
