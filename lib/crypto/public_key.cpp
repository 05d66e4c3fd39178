#include <botan/ed25519.h>
#include <botan/pubkey.h>
#include <botan/rsa.h>

#include "crypto/botan_compat.h"
#include "crypto/key_types.h"
#include "crypto/signature_form.h"
#include "hawser/crypto/keys.h"
#include "hawser/wire/reader.h"

namespace hawser::crypto {

struct PublicKey::State {
  const KeyTypeRow* row;
  ByteVector blob;
  std::size_t bits;
  std::unique_ptr<Botan::Public_Key> key;
};

namespace {

struct ParsedKey {
  std::unique_ptr<Botan::Public_Key> key;
  std::size_t bits;
};

// RFC 8709 §4: string key.
Result<ParsedKey> parse_ed25519(wire::Reader& reader) {
  const Bytes key = reader.string();
  if (const auto end = reader.finish(); !end) return end.error();
  if (key.size() != ed25519_value_size) return Error(Errc::bad_key, "ed25519: not 32 bytes");
  return ParsedKey{std::make_unique<Botan::Ed25519_PublicKey>(key.data(), key.size()), 256};
}

// RFC 5656 §3.1: string identifier of the curve, string Q.
Result<ParsedKey> parse_ecdsa(const KeyTypeRow& row, wire::Reader& reader) {
  const std::string_view curve = reader.text();
  const Bytes point = reader.string();
  if (const auto end = reader.finish(); !end) return end.error();
  if (curve != row.curve) return Error(Errc::bad_key, "ecdsa: the curve is not the one of the key type");
  constexpr std::uint8_t uncompressed = 4;  // SEC 1 §2.3.3; the other forms are not used in SSH
  if (point.size() != 1 + 2 * row.coordinate_size || point[0] != uncompressed) {
    return Error(Errc::bad_key, "ecdsa: not an uncompressed point of the curve");
  }
  return ParsedKey{compat::ecdsa_public_key(compat::ec_group(row.botan_curve), point), row.bits};
}

// RFC 4253 §6.6: mpint e, mpint n.
Result<ParsedKey> parse_rsa(wire::Reader& reader) {
  const wire::Mpint e = reader.mpint(), n = reader.mpint();
  if (const auto end = reader.finish(); !end) return end.error();
  // Checked by size before any arithmetic.
  if (e.negative() || n.negative()) return Error(Errc::bad_key, "rsa: negative");
  if (n.bytes.size() > maximum_rsa_bits / 8 + 1) return Error(Errc::bad_key, "rsa: modulus too large");
  if (e.bytes.size() > maximum_rsa_exponent_bits / 8 + 1) return Error(Errc::bad_key, "rsa: exponent too large");
  const Botan::BigInt exponent(e.bytes.data(), e.bytes.size()), modulus(n.bytes.data(), n.bytes.size());
  const std::size_t bits = modulus.bits();
  if (bits < minimum_rsa_bits || bits > maximum_rsa_bits) return Error(Errc::bad_key, "rsa: size of the modulus");
  if (exponent.bits() > maximum_rsa_exponent_bits) return Error(Errc::bad_key, "rsa: exponent too large");
  if (exponent <= 1 || exponent.is_even() || modulus.is_even()) return Error(Errc::bad_key, "rsa: even or trivial");
  return ParsedKey{std::make_unique<Botan::RSA_PublicKey>(modulus, exponent), bits};
}

Result<ParsedKey> parse_key(const KeyTypeRow& row, wire::Reader& reader) {
  try {
    switch (row.type) {
      case KeyType::ed25519: return parse_ed25519(reader);
      case KeyType::rsa: return parse_rsa(reader);
      default: return parse_ecdsa(row, reader);
    }
  } catch (const std::exception&) {
    return Error(Errc::bad_key, "public key refused by its arithmetic");
  }
}

}  // namespace

Result<PublicKey> PublicKey::from_blob(Bytes blob) {
  wire::Reader reader(blob);
  reader.field("public key blob");
  const std::string_view blob_type = reader.text();
  if (const auto status = reader.status(); !status) return status.error();
  const KeyTypeRow* row = find_key_type(blob_type);
  if (row == nullptr) return Error(Errc::unsupported, "type of the public key");
  Result<ParsedKey> parsed = parse_key(*row, reader);
  if (!parsed) {
    const Error error = parsed.error();
    return error.code() == Errc::bad_value ? Error(Errc::bad_key, "public key: mpint not in its shortest form") : error;
  }
  return PublicKey(std::make_shared<const State>(State{row, to_vector(blob), parsed->bits, std::move(parsed->key)}));
}

KeyType PublicKey::type() const { return state_->row->type; }
std::string_view PublicKey::blob_type() const { return state_->row->blob_type; }
Bytes PublicKey::blob() const { return state_->blob; }
std::size_t PublicKey::bits() const { return state_->bits; }

Result<void> PublicKey::verify(const SignatureRow& row, Bytes data, Bytes signature) const {
  if (!can_verify(row)) return Error(Errc::bad_signature, "the algorithm is not for this key type");
  wire::Reader reader(signature);
  const std::string_view name = reader.text();
  const Bytes wire_form = reader.string();
  if (!reader.finish()) return Error(Errc::bad_signature, "signature blob");
  // RFC 8332 §3.2: the name inside must be the negotiated one, not merely one that the key could make.
  if (name != row.name) return Error(Errc::bad_signature, "the signature is of another algorithm");
  const Result<ByteVector> botan_form = to_botan_form(row, wire_form, (state_->bits + 7) / 8);
  if (!botan_form) return botan_form.error();
  try {
    Botan::PK_Verifier verifier(*state_->key, botan_scheme(row));
    if (verifier.verify_message(data.data(), data.size(), botan_form->data(), botan_form->size())) return {};
  } catch (const std::exception&) {
  }
  return Error(Errc::bad_signature, "the signature does not match");
}

}  // namespace hawser::crypto
