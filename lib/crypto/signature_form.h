// Signatures have two forms: the one Botan computes with and the one inside the `string signature` of the wire. They
// differ for ECDSA (two fixed-size numbers in a row; two mpints, RFC 5656 §3.1.2).
#pragma once

#include <string>

#include "hawser/crypto/algorithms.h"

namespace hawser::crypto {

// Botan's name of the signature scheme.
std::string botan_scheme(const SignatureRow& row);

// `key_size` is the size in bytes of the modulus of an RSA key. Errors: bad_signature.
Result<ByteVector> to_botan_form(const SignatureRow& row, Bytes wire_form, std::size_t key_size);
ByteVector to_wire_form(const SignatureRow& row, Bytes botan_form);

}  // namespace hawser::crypto
