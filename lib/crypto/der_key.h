// Private keys in ASN.1: PKCS#1 (RFC 8017 §A.1.2), SEC 1 (RFC 5915 §3), PKCS#8 (RFC 5958 §2, and RFC 8410 §7 for
// Ed25519), each not encrypted. All of them become the fields of private_fields.h, whose reader checks them.
#pragma once

#include "crypto/private_fields.h"

namespace hawser::crypto {

struct DerKey {
  const KeyTypeRow* row;
  SecretBytes fields;
};

// Errors: bad_key, unsupported. May throw Botan's exceptions, which mean bad_key.
Result<DerKey> read_pkcs1(Bytes der);
Result<DerKey> read_sec1(Bytes der);
Result<DerKey> read_pkcs8(Bytes der);

}  // namespace hawser::crypto
