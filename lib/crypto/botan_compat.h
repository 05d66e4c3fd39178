// What differs between Botan 2.19 and Botan 3, under one name each: the only file that looks at Botan's version.
// Everything may throw Botan's exceptions.
#pragma once

#include <botan/ber_dec.h>
#include <botan/bigint.h>
#include <botan/block_cipher.h>
#include <botan/cipher_mode.h>
#include <botan/dl_group.h>
#include <botan/ec_group.h>
#include <botan/ecdh.h>
#include <botan/ecdsa.h>
#include <botan/pubkey.h>
#include <botan/rng.h>
#include <botan/system_rng.h>
#include <botan/version.h>
#if BOTAN_VERSION_MAJOR >= 3
#include <botan/ec_scalar.h>
#include <botan/x25519.h>
#ifdef BOTAN_HAS_ML_KEM
#include <botan/ml_kem.h>
#endif
#else
#include <botan/curve25519.h>
#include <botan/numthry.h>
#endif

#include <memory>
#include <string>

#include "hawser/wire/bytes.h"

namespace hawser::crypto::compat {

using Botan::X25519_PrivateKey;

#if BOTAN_VERSION_MAJOR >= 3
inline constexpr Botan::Cipher_Dir encryption = Botan::Cipher_Dir::Encryption;
inline constexpr Botan::Cipher_Dir decryption = Botan::Cipher_Dir::Decryption;
#else
inline constexpr Botan::Cipher_Dir encryption = Botan::ENCRYPTION;
inline constexpr Botan::Cipher_Dir decryption = Botan::DECRYPTION;
#endif

#if BOTAN_VERSION_MAJOR >= 3
inline constexpr auto der_integer = Botan::ASN1_Type::Integer;
inline constexpr auto der_bit_string = Botan::ASN1_Type::BitString;
inline constexpr auto der_octet_string = Botan::ASN1_Type::OctetString;
inline constexpr auto der_sequence = Botan::ASN1_Type::Sequence;
inline constexpr auto der_universal = Botan::ASN1_Class::Universal;
inline constexpr auto der_explicit = Botan::ASN1_Class::ExplicitContextSpecific;  // [n] around another value
inline constexpr Botan::ASN1_Type der_tag_0{0};
#else
inline constexpr auto der_integer = Botan::INTEGER;
inline constexpr auto der_bit_string = Botan::BIT_STRING;
inline constexpr auto der_octet_string = Botan::OCTET_STRING;
inline constexpr auto der_sequence = Botan::SEQUENCE;
inline constexpr auto der_universal = Botan::UNIVERSAL;
inline constexpr auto der_explicit = static_cast<Botan::ASN1_Tag>(Botan::CONTEXT_SPECIFIC | Botan::CONSTRUCTED);
inline constexpr auto der_tag_0 = static_cast<Botan::ASN1_Tag>(0);
#endif

// A generator with a single function to override; Botan 2 and 3 ask for different ones.
class RandomBase : public Botan::RandomNumberGenerator {
 public:
  bool accepts_input() const override { return false; }
  bool is_seeded() const override { return true; }
  void clear() override {}
#if BOTAN_VERSION_MAJOR >= 3

 protected:
  void fill_bytes_with_input(std::span<std::uint8_t> output, std::span<const std::uint8_t> /*input*/) override {
    fill(output);
  }
#else
  void randomize(std::uint8_t output[], std::size_t size) override { fill({output, size}); }
  void add_entropy(const std::uint8_t /*input*/[], std::size_t /*size*/) override {}
#endif

 private:
  virtual void fill(MutableBytes output) = 0;
};

inline bool has_aes_instructions() {
  // Botan names the implementation it picked; "base" and "vperm" are the ones without AES instructions.
  static const bool has = [] {
    const auto aes = Botan::BlockCipher::create("AES-128");
    const std::string provider = aes ? aes->provider() : "base";
    return provider != "base" && provider != "vperm";
  }();
  return has;
}

// `number` as exactly `output.size()` big-endian bytes; it must fit.
inline void store_number(const Botan::BigInt& number, MutableBytes output) {
#if BOTAN_VERSION_MAJOR >= 3
  number.serialize_to(output);
#else
  Botan::BigInt::encode_1363(output.data(), output.size(), number);
#endif
}

inline Botan::EC_Group ec_group(const std::string& name) {
#if BOTAN_VERSION_MAJOR >= 3
  return Botan::EC_Group::from_name(name);
#else
  return Botan::EC_Group(name);
#endif
}

// base ^ exponent modulo the group's prime; the time does not depend on the exponent, except for its length.
inline Botan::BigInt power(const Botan::DL_Group& group, const Botan::BigInt& base, const Botan::BigInt& exponent) {
#if BOTAN_VERSION_MAJOR >= 3
  return group.power_b_p(base, exponent, exponent.bits());
#else
  return Botan::power_mod(base, exponent, group.get_p());
#endif
}

// The uncompressed point of an elliptic curve key (SEC 1 §2.3.3).
template <class Key>
ByteVector ec_point(const Key& key) {
#if BOTAN_VERSION_MAJOR >= 3
  return key.raw_public_key_bits();
#else
  return key.public_point().encode(Botan::PointGFp::UNCOMPRESSED);
#endif
}

// Throws when the point is not on the curve.
inline std::unique_ptr<Botan::ECDSA_PublicKey> ecdsa_public_key(const Botan::EC_Group& group, Bytes point) {
#if BOTAN_VERSION_MAJOR >= 3
  return std::make_unique<Botan::ECDSA_PublicKey>(group, Botan::EC_AffinePoint(group, point));
#else
  return std::make_unique<Botan::ECDSA_PublicKey>(group, group.OS2ECP(point.data(), point.size()));
#endif
}

// `scalar` must be in 1 … order − 1.
inline std::unique_ptr<Botan::ECDSA_PrivateKey> ecdsa_private_key(const Botan::EC_Group& group,
                                                                  const Botan::BigInt& scalar) {
#if BOTAN_VERSION_MAJOR >= 3
  return std::make_unique<Botan::ECDSA_PrivateKey>(group, Botan::EC_Scalar::from_bigint(group, scalar));
#else
  return std::make_unique<Botan::ECDSA_PrivateKey>(Botan::system_rng(), group, scalar);
#endif
}

// ML-KEM (FIPS 203), which Botan has from 3.6 on. `bits` is the number in the name: 768 or 1024.
struct MlKemEncapsulated {
  ByteVector ciphertext;
  Botan::secure_vector<std::uint8_t> secret;  // 32 bytes
};

#ifdef BOTAN_HAS_ML_KEM
inline constexpr bool has_ml_kem = true;

inline Botan::ML_KEM_Mode ml_kem_mode(std::size_t bits) {
  return bits == 1024 ? Botan::ML_KEM_Mode::ML_KEM_1024 : Botan::ML_KEM_Mode::ML_KEM_768;
}

inline std::unique_ptr<Botan::Private_Key> ml_kem_key(std::size_t bits, Botan::RandomNumberGenerator& random) {
  return std::make_unique<Botan::ML_KEM_PrivateKey>(random, ml_kem_mode(bits));
}

inline ByteVector ml_kem_public_value(const Botan::Private_Key& key) {
  return dynamic_cast<const Botan::ML_KEM_PrivateKey&>(key).raw_public_key_bits();
}

// Throws for an encapsulation key that FIPS 203 §7.2 refuses.
inline MlKemEncapsulated ml_kem_encapsulate(std::size_t bits, Bytes key, Botan::RandomNumberGenerator& random) {
  const Botan::ML_KEM_PublicKey public_key(key, ml_kem_mode(bits));
  if (!public_key.check_key(random, true)) throw Botan::Decoding_Error("ML-KEM encapsulation key");
  auto [ciphertext, secret] =
      Botan::KEM_Encapsulation::destructure(Botan::PK_KEM_Encryptor(public_key, "Raw").encrypt(random));
  return {std::move(ciphertext), std::move(secret)};
}

inline Botan::secure_vector<std::uint8_t> ml_kem_decapsulate(const Botan::Private_Key& key, Bytes ciphertext,
                                                             Botan::RandomNumberGenerator& random) {
  return Botan::PK_KEM_Decryptor(key, random, "Raw").decrypt(ciphertext);
}
#else
inline constexpr bool has_ml_kem = false;

// No row leads to these.
inline std::unique_ptr<Botan::Private_Key> ml_kem_key(std::size_t, Botan::RandomNumberGenerator&) {
  throw Botan::Not_Implemented("ML-KEM");
}
inline ByteVector ml_kem_public_value(const Botan::Private_Key&) { throw Botan::Not_Implemented("ML-KEM"); }
inline MlKemEncapsulated ml_kem_encapsulate(std::size_t, Bytes, Botan::RandomNumberGenerator&) {
  throw Botan::Not_Implemented("ML-KEM");
}
inline Botan::secure_vector<std::uint8_t> ml_kem_decapsulate(const Botan::Private_Key&, Bytes,
                                                             Botan::RandomNumberGenerator&) {
  throw Botan::Not_Implemented("ML-KEM");
}
#endif

}  // namespace hawser::crypto::compat
