// PBES2 (RFC 8018 §6.2) with PBKDF2 or scrypt (RFC 7914 §7). Read here and not by Botan::PKCS8, which takes the
// passphrase as a string that nobody wipes, and any amount of work that the file asks for.
#include <botan/pwdhash.h>

#include <algorithm>
#include <array>

#include "crypto/botan_compat.h"
#include "crypto/key_encryption.h"

namespace hawser::crypto {
namespace {

using Botan::BER_Decoder;

constexpr std::string_view pbes2_oid = "1.2.840.113549.1.5.13";
constexpr std::string_view pbkdf2_oid = "1.2.840.113549.1.5.12";
constexpr std::string_view scrypt_oid = "1.3.6.1.4.1.11591.4.11";

struct PseudoRandomFunction {
  std::string_view oid;  // RFC 8018 §B.1.2
  const char* hash;
};
constexpr std::array functions{
    PseudoRandomFunction{"1.2.840.113549.2.7", "SHA-1"},    PseudoRandomFunction{"1.2.840.113549.2.8", "SHA-224"},
    PseudoRandomFunction{"1.2.840.113549.2.9", "SHA-256"},  PseudoRandomFunction{"1.2.840.113549.2.10", "SHA-384"},
    PseudoRandomFunction{"1.2.840.113549.2.11", "SHA-512"},
};

struct EncryptionScheme {
  std::string_view oid;  // RFC 8018 §B.2
  const char* cipher;
  std::size_t key_size;
  std::size_t iv_size;
};
constexpr std::array schemes{
    EncryptionScheme{"2.16.840.1.101.3.4.1.2", "AES-128/CBC/PKCS7", 16, 16},
    EncryptionScheme{"2.16.840.1.101.3.4.1.22", "AES-192/CBC/PKCS7", 24, 16},
    EncryptionScheme{"2.16.840.1.101.3.4.1.42", "AES-256/CBC/PKCS7", 32, 16},
    EncryptionScheme{"1.2.840.113549.3.7", "TripleDES/CBC/PKCS7", 24, 8},
};

Error unsupported(const char* what) { return Error(Errc::unsupported, what); }

BER_Decoder sequence(BER_Decoder& in) { return in.start_cons(compat::der_sequence, compat::der_universal); }

std::string oid(BER_Decoder& in) {
  Botan::OID value;
  in.decode(value);
  return value.to_string();
}

// Of both derivations, optional. Ours comes from the cipher; another one is not for us.
void read_key_size(BER_Decoder& in, Pbes2& info) {
  std::size_t size = 0;
  in.decode_optional(size, compat::der_integer, compat::der_universal, info.key_size);
  if (size != info.key_size) info.key_size = 0;
}

Result<void> read_pbkdf2(BER_Decoder& algorithm, Pbes2& info) {
  BER_Decoder parameters = sequence(algorithm);
  parameters.decode(info.salt, compat::der_octet_string).decode(info.iterations);
  read_key_size(parameters, info);
  std::string function(functions.front().oid);  // the default
  if (parameters.more_items()) {
    BER_Decoder named = sequence(parameters);
    function = oid(named);
  }
  parameters.verify_end();
  if (info.iterations == 0) return Error(Errc::bad_key, "private key: iterations");
  if (info.iterations > maximum_pbkdf2_iterations) return unsupported("more than 10 million iterations of PBKDF2");
  const auto found = std::ranges::find(functions, function, &PseudoRandomFunction::oid);
  if (found == functions.end()) return unsupported("private key: function of PBKDF2");
  info.hash = found->hash;
  return {};
}

Result<void> read_scrypt(BER_Decoder& algorithm, Pbes2& info) {
  BER_Decoder parameters = sequence(algorithm);
  parameters.decode(info.salt, compat::der_octet_string).decode(info.cost).decode(info.block_size).decode(info.lanes);
  read_key_size(parameters, info);
  parameters.verify_end();
  if (info.cost < 2 || (info.cost & (info.cost - 1)) != 0 || info.block_size == 0 || info.lanes == 0) {
    return Error(Errc::bad_key, "private key: parameters of scrypt");
  }
  // RFC 7914 §6: N blocks of 128 · r bytes for the mixing, and one for each lane.
  const std::size_t blocks = maximum_scrypt_memory / 128 / info.block_size;
  if (info.lanes > maximum_scrypt_lanes || info.cost > blocks || info.lanes > blocks - info.cost) {
    return unsupported("more than 256 MiB or 16 lanes of scrypt");
  }
  return {};
}

}  // namespace

Result<Pbes2> read_pbes2(Bytes der) {
  BER_Decoder outer(der.data(), der.size());
  BER_Decoder content = sequence(outer);
  BER_Decoder algorithm = sequence(content);
  if (oid(algorithm) != pbes2_oid) return unsupported("private key: encryption other than PBES2");
  BER_Decoder parameters = sequence(algorithm);
  BER_Decoder derivation = sequence(parameters), encryption = sequence(parameters);
  Pbes2 info;
  content.decode(info.encrypted, compat::der_octet_string).verify_end();
  outer.verify_end();

  const auto scheme = std::ranges::find(schemes, oid(encryption), &EncryptionScheme::oid);
  if (scheme == schemes.end()) return unsupported("private key: cipher of PBES2");
  encryption.decode(info.iv, compat::der_octet_string);
  if (info.iv.size() != scheme->iv_size) return Error(Errc::bad_key, "private key: iv");
  info.cipher = scheme->cipher;
  info.key_size = scheme->key_size;

  const std::string function = oid(derivation);
  Result<void> read = unsupported("private key: key derivation of PBES2");
  if (function == pbkdf2_oid) read = read_pbkdf2(derivation, info);
  if (function == scrypt_oid) read = read_scrypt(derivation, info);
  if (!read) return read.error();
  if (info.key_size == 0) return Error(Errc::bad_key, "private key: key length of PBES2");
  return info;
}

SecretVector decrypt(const Pbes2& info, const SecretBytes& passphrase) {
  SecretVector key(info.key_size);
  const std::string_view text = as_text(passphrase.view());
  const std::string family = info.hash.empty() ? "Scrypt" : "PBKDF2(" + info.hash + ")";
  const auto hashes = Botan::PasswordHashFamily::create_or_throw(family);
  const auto hash = info.hash.empty() ? hashes->from_params(info.cost, info.block_size, info.lanes)
                                      : hashes->from_iterations(info.iterations);
  hash->derive_key(key.data(), key.size(), text.data(), text.size(), info.salt.data(), info.salt.size());
  SecretVector plain = info.encrypted;
  run_mode(info.cipher, compat::decryption, key, info.iv, plain);
  return plain;
}

}  // namespace hawser::crypto
