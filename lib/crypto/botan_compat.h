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
#include <botan/rng.h>
#include <botan/system_rng.h>
#include <botan/version.h>
#if BOTAN_VERSION_MAJOR >= 3
#include <botan/ec_scalar.h>
#include <botan/x25519.h>
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

}  // namespace hawser::crypto::compat
