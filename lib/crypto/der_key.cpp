#include "crypto/der_key.h"

#include <array>

#include "crypto/pem_block.h"

namespace hawser::crypto {
namespace {

using Botan::BER_Decoder;

constexpr std::string_view rsa_oid = "1.2.840.113549.1.1.1";  // RFC 8017 §A.1
constexpr std::string_view ec_oid = "1.2.840.10045.2.1";      // RFC 5480 §2.1.1
constexpr std::string_view ed25519_oid = "1.3.101.112";       // RFC 8410 §3

struct CurveOid {
  std::string_view oid;  // RFC 5480 §2.1.1.1
  KeyType type;
};
constexpr std::array curve_oids{
    CurveOid{"1.2.840.10045.3.1.7", KeyType::ecdsa_p256},
    CurveOid{"1.3.132.0.34", KeyType::ecdsa_p384},
    CurveOid{"1.3.132.0.35", KeyType::ecdsa_p521},
};

const KeyTypeRow* curve_row(const std::string& oid) {
  for (const CurveOid& curve : curve_oids) {
    if (curve.oid == oid) return &key_type_row(curve.type);
  }
  return nullptr;
}

// `row`: the curve, where what is around has named it.
Result<DerKey> read_ec_private_key(Bytes der, const KeyTypeRow* row) {
  BER_Decoder outer(der.data(), der.size());
  BER_Decoder key = outer.start_cons(compat::der_sequence, compat::der_universal);
  SecretVector secret;
  Botan::OID named_curve;
  ByteVector point;
  key.decode_and_check<std::size_t>(1, "version").decode(secret, compat::der_octet_string);
  key.decode_optional(named_curve, compat::der_tag_0, compat::der_explicit);
  key.decode_optional_string(point, compat::der_bit_string, 1, compat::der_explicit);
  key.verify_end();
  outer.verify_end();
  if (!named_curve.empty()) {
    const KeyTypeRow* const named = curve_row(named_curve.to_string());
    if (named == nullptr) return Error(Errc::unsupported, "private key: curve");
    if (row != nullptr && row != named) return bad_key("ecdsa: two curves are named");
    row = named;
  }
  if (row == nullptr) return bad_key("ecdsa: no curve is named");
  const Botan::BigInt d(secret.data(), secret.size());
  if (d.is_zero() || d >= compat::ec_group(row->botan_curve).get_order()) {
    return bad_key("ecdsa: private value out of range");
  }
  DerKey read{row, ecdsa_fields(*row, d)};
  wire::Reader fields(read.fields.view());
  fields.string();
  // SEC 1 §2.3.3: 4 marks an uncompressed point. Of the other forms nothing is needed.
  if (!point.empty() && point[0] == 4 && !equal(point, fields.string())) {
    return bad_key("ecdsa: the public key is not the one of the private value");
  }
  return read;
}

Result<DerKey> read_ed25519(Bytes der) {
  SecretVector seed;
  BER_Decoder(der.data(), der.size()).decode(seed, compat::der_octet_string).verify_end();
  if (seed.size() != ed25519_value_size) return bad_key("ed25519 private key");
  return DerKey{&key_type_row(KeyType::ed25519), ed25519_fields(seed)};
}

}  // namespace

Result<DerKey> read_pkcs1(Bytes der) {
  BER_Decoder outer(der.data(), der.size());
  BER_Decoder key = outer.start_cons(compat::der_sequence, compat::der_universal);
  RsaNumbers numbers;
  Botan::BigInt exponent1, exponent2;  // d modulo p-1 and q-1, which the arithmetic computes anew
  key.decode_and_check<std::size_t>(0, "version").decode(numbers.n).decode(numbers.e).decode(numbers.d);
  key.decode(numbers.p).decode(numbers.q).decode(exponent1).decode(exponent2).decode(numbers.iqmp).verify_end();
  outer.verify_end();
  for (const Botan::BigInt* number : {&numbers.n, &numbers.e, &numbers.d, &numbers.iqmp, &numbers.p, &numbers.q}) {
    if (number->is_negative() || number->is_zero() || number->bits() > maximum_rsa_bits) {
      return bad_key("rsa: a number is out of range");
    }
  }
  return DerKey{&key_type_row(KeyType::rsa), rsa_fields(numbers)};
}

Result<DerKey> read_sec1(Bytes der) { return read_ec_private_key(der, nullptr); }

Result<DerKey> read_pkcs8(Bytes der) {
  BER_Decoder outer(der.data(), der.size());
  BER_Decoder info = outer.start_cons(compat::der_sequence, compat::der_universal);
  std::size_t version = 0;
  info.decode(version);
  if (version > 1) return bad_key("private key: version");  // RFC 5958 §2
  Botan::OID oid;
  BER_Decoder algorithm = info.start_cons(compat::der_sequence, compat::der_universal);
  algorithm.decode(oid);
  const std::string name = oid.to_string();
  const KeyTypeRow* curve = nullptr;
  if (name == ec_oid) {
    Botan::OID named_curve;
    algorithm.decode(named_curve);
    curve = curve_row(named_curve.to_string());
    if (curve == nullptr) return Error(Errc::unsupported, "private key: curve");
  }
  SecretVector key;
  info.decode(key, compat::der_octet_string);  // attributes and a copy of the public key may follow
  outer.verify_end();
  if (name == rsa_oid) return read_pkcs1(key);
  if (name == ed25519_oid) return read_ed25519(key);
  if (curve != nullptr) return read_ec_private_key(key, curve);
  return Error(Errc::unsupported, "type of the private key");
}

}  // namespace hawser::crypto
