#include <botan/pubkey.h>

#include "crypto/private_key_state.h"
#include "crypto/signature_form.h"
#include "hawser/wire/copy_bytes.h"
#include "hawser/wire/writer.h"

namespace hawser::crypto {

namespace {

Result<ByteVector> sign_unchecked(const Botan::Private_Key& key, const SignatureRow& row, Bytes data) {
  try {
    // The generator only blinds the arithmetic: the signatures are deterministic (RFC 8032, RFC 6979, RFC 8017 §8.2),
    // so that no bias of its can leak a key. The system's is safe to use from all threads at once.
    Botan::RandomNumberGenerator& random = Botan::system_rng();
    Botan::PK_Signer signer(key, random, botan_scheme(row));
    const ByteVector botan_form = signer.sign_message(data.data(), data.size(), random);
    ByteVector signature;
    wire::append_string(signature, row.name);
    wire::append_string(signature, to_wire_form(row, botan_form));
    return signature;
  } catch (const std::exception&) {
    return Error(Errc::crypto_failure, "signing");
  }
}

const SignatureRow* first_algorithm_of(KeyType type) {
  for (const SignatureRow& row : signature_rows()) {
    if (row.key_type == type) return &row;
  }
  return nullptr;
}

}  // namespace

Result<std::shared_ptr<const PrivateKey::State>> PrivateKey::State::read(const KeyTypeRow& row, wire::Reader& reader) {
  const std::size_t start = reader.position();
  wire::Reader fields_reader = reader;
  Result<PrivateFields> fields = read_private_fields(row, reader);
  if (!fields) return fields.error();
  const Bytes field_bytes = fields_reader.raw(reader.position() - start);
  const std::string_view comment = reader.text();
  if (!reader.ok()) return Error(Errc::bad_key, "private key: comment");
  Result<PublicKey> public_key = PublicKey::from_blob(fields->public_blob);
  if (!public_key) return public_key.error();

  // A pair that does not fit together is found here and not in a session. It also makes Botan's numbers compute what
  // they compute on first use, before threads share them.
  const SignatureRow* algorithm = first_algorithm_of(row.type);
  const Bytes message = as_bytes("pairwise consistency");
  const Result<ByteVector> signature = sign_unchecked(*fields->key, *algorithm, message);
  if (!signature || !public_key->verify(*algorithm, message, *signature)) {
    return Error(Errc::bad_key, "private and public key do not belong together");
  }
  return std::make_shared<const State>(
      State{std::move(*public_key), std::move(fields->key), SecretBytes(field_bytes), std::string(comment)});
}

Result<std::shared_ptr<const PrivateKey::State>> PrivateKey::State::without_comment(const KeyTypeRow& row,
                                                                                    const SecretBytes& fields) {
  SecretBytes with_comment(fields.size() + 4);
  copy_bytes(fields.view(), with_comment.mutable_view());
  wire::Reader reader(with_comment.view());
  return read(row, reader);
}

Result<PrivateKey> PrivateKey::generate(KeyType type, Random& random, std::size_t rsa_bits) {
  if (type == KeyType::rsa && (rsa_bits < minimum_rsa_bits || rsa_bits > maximum_rsa_bits)) {
    return Error(Errc::invalid_argument, "rsa: 2048 to 16384 bits");
  }
  const KeyTypeRow& row = key_type_row(type);
  try {
    auto state = State::without_comment(row, generate_private_fields(row, random, rsa_bits));
    if (!state) return state.error();
    return PrivateKey(std::move(*state));
  } catch (const std::exception&) {
    return Error(Errc::crypto_failure, "making a key");
  }
}

const PublicKey& PrivateKey::public_key() const { return state_->public_key; }
const std::string& PrivateKey::comment() const { return state_->comment; }

Result<ByteVector> PrivateKey::make_signature(const SignatureRow& row, Bytes data) const {
  return sign_unchecked(*state_->key, row, data);
}

}  // namespace hawser::crypto
