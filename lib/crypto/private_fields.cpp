#include "crypto/private_fields.h"

#include <botan/ed25519.h>
#include <botan/rsa.h>

#include "crypto/botan_random.h"
#include "hawser/wire/writer.h"

namespace hawser::crypto {

namespace {

Error bad_key(const char* why) { return Error(Errc::bad_key, why); }

Botan::BigInt number(const wire::Mpint& mpint) { return {mpint.bytes.data(), mpint.bytes.size()}; }

Result<PrivateFields> read_ed25519(const KeyTypeRow& row, wire::Reader& reader) {
  const Bytes public_value = reader.string(), secret = reader.string();
  if (!reader.ok() || public_value.size() != ed25519_value_size || secret.size() != 2 * ed25519_value_size) {
    return bad_key("ed25519 private key");
  }
  const Bytes seed = secret.first(ed25519_value_size);
  auto key = std::make_unique<Botan::Ed25519_PrivateKey>(Botan::secure_vector<std::uint8_t>(seed.begin(), seed.end()));
  if (!equal(key->get_public_key(), public_value) || !equal(secret.subspan(ed25519_value_size), public_value)) {
    return bad_key("ed25519: the public key is not the one of the seed");
  }
  PrivateFields fields;
  wire::append_string(fields.public_blob, row.blob_type);
  wire::append_string(fields.public_blob, public_value);
  fields.key = std::move(key);
  return fields;
}

Result<PrivateFields> read_ecdsa(const KeyTypeRow& row, wire::Reader& reader) {
  const std::string_view curve = reader.text();
  const Bytes point = reader.string();
  const wire::Mpint d = reader.mpint();
  if (!reader.ok() || curve != row.curve || d.negative()) return bad_key("ecdsa private key");
  const Botan::EC_Group group = compat::ec_group(row.botan_curve);
  const Botan::BigInt scalar = number(d);
  if (scalar.is_zero() || scalar >= group.get_order()) return bad_key("ecdsa: private value out of range");
  auto key = compat::ecdsa_private_key(group, scalar);
  if (!equal(compat::ec_point(*key), point))
    return bad_key("ecdsa: the public key is not the one of the private value");
  PrivateFields fields;
  wire::append_string(fields.public_blob, row.blob_type);
  wire::append_string(fields.public_blob, curve);
  wire::append_string(fields.public_blob, point);
  fields.key = std::move(key);
  return fields;
}

Result<PrivateFields> read_rsa(const KeyTypeRow& row, wire::Reader& reader) {
  const wire::Mpint n = reader.mpint(), e = reader.mpint(), d = reader.mpint(), iqmp = reader.mpint(),
                    p = reader.mpint(), q = reader.mpint();
  if (!reader.ok()) return bad_key("rsa private key");
  for (const wire::Mpint& mpint : {n, e, d, iqmp, p, q}) {
    if (mpint.negative() || mpint.bytes.empty() || mpint.bytes.size() > maximum_rsa_bits / 8 + 1) {
      return bad_key("rsa: a number is out of range");
    }
  }
  const Botan::BigInt modulus = number(n), exponent = number(e), secret = number(d), first = number(p),
                      second = number(q), inverse = number(iqmp);
  if (first.is_even() || second.is_even() || first <= 1 || second <= 1 || modulus != first * second) {
    return bad_key("rsa: the modulus is not the product of the primes");
  }
  // RFC 8017 §3.2: e·d ≡ 1 modulo p-1 and q-1, q·qInv ≡ 1 modulo p.
  const Botan::BigInt product = exponent * secret;
  if (product % (first - 1) != 1 || product % (second - 1) != 1 || (inverse * second) % first != 1) {
    return bad_key("rsa: the exponents do not belong together");
  }
  PrivateFields fields;
  wire::append_string(fields.public_blob, row.blob_type);
  wire::append_string(fields.public_blob, e.bytes);
  wire::append_string(fields.public_blob, n.bytes);
  fields.key = std::make_unique<Botan::RSA_PrivateKey>(first, second, exponent, secret, modulus);
  return fields;
}

// Writes into memory that is wiped.
class SecretWriter {
 public:
  void string(Bytes bytes) { writer_.string(bytes); }
  void mpint(const Botan::BigInt& value) {
    // One byte more than needed gives the zero in front of a high bit; too many would be another number's form.
    SecretBytes bytes(value.bits() / 8 + 1);
    compat::store_number(value, bytes.mutable_view());
    writer_.string(bytes.view());
  }
  SecretBytes take() const { return SecretBytes(writer_.written()); }

 private:
  SecretBytes memory_{16 * 1024};  // the largest RSA key needs less than half of it
  wire::Writer writer_{memory_.mutable_view()};
};

}  // namespace

Result<PrivateFields> read_private_fields(const KeyTypeRow& row, wire::Reader& reader) {
  switch (row.type) {
    case KeyType::ed25519: return read_ed25519(row, reader);
    case KeyType::rsa: return read_rsa(row, reader);
    default: return read_ecdsa(row, reader);
  }
}

SecretBytes ed25519_fields(Bytes seed) {
  Botan::secure_vector<std::uint8_t> secret(seed.begin(), seed.end());
  const ByteVector public_value = Botan::Ed25519_PrivateKey(secret).get_public_key();
  secret.insert(secret.end(), public_value.begin(), public_value.end());
  SecretWriter writer;
  writer.string(public_value);
  writer.string(secret);
  return writer.take();
}

SecretBytes ecdsa_fields(const KeyTypeRow& row, const Botan::BigInt& d) {
  const auto key = compat::ecdsa_private_key(compat::ec_group(row.botan_curve), d);
  SecretWriter writer;
  writer.string(as_bytes(row.curve));
  writer.string(compat::ec_point(*key));
  writer.mpint(d);
  return writer.take();
}

SecretBytes rsa_fields(const RsaNumbers& numbers) {
  SecretWriter writer;
  for (const Botan::BigInt* value : {&numbers.n, &numbers.e, &numbers.d, &numbers.iqmp, &numbers.p, &numbers.q}) {
    writer.mpint(*value);
  }
  return writer.take();
}

SecretBytes generate_private_fields(const KeyTypeRow& row, Random& random, std::size_t rsa_bits) {
  BotanRandom generator(random);
  switch (row.type) {
    case KeyType::ed25519: {
      SecretBytes seed(ed25519_value_size);
      random.fill(seed.mutable_view());
      return ed25519_fields(seed.view());
    }
    case KeyType::rsa: {
      const Botan::RSA_PrivateKey key(generator, rsa_bits);
      return rsa_fields({key.get_n(), key.get_e(), key.get_d(), key.get_c(), key.get_p(), key.get_q()});
    }
    default:
      return ecdsa_fields(row, Botan::ECDSA_PrivateKey(generator, compat::ec_group(row.botan_curve)).private_value());
  }
}

}  // namespace hawser::crypto
