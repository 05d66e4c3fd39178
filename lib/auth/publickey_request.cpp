#include "auth/publickey_request.h"

#include <algorithm>

#include "auth/signed_data.h"

namespace hawser::auth {
namespace {

// RFC 8332 §3: the algorithm name says how the key signs, the blob's type what key it is. They must belong together.
std::optional<crypto::PublicKey> fitting_key(const crypto::SignatureRow& row, Bytes blob) {
  Result<crypto::PublicKey> key = crypto::PublicKey::from_blob(blob);
  if (!key || key->blob_type() != row.key_blob_type || !key->can_verify(row)) return std::nullopt;
  return *std::move(key);
}

const crypto::SignatureRow* accepted_row(std::string_view algorithm, const std::vector<std::string>& accepted) {
  if (std::ranges::find(accepted, algorithm) == accepted.end()) return nullptr;
  return crypto::find_signature(algorithm);
}

}  // namespace

Result<std::optional<PublicKeyRequest>> read_publickey_request(const UserauthRequest& request,
                                                               const transport::SessionId& session_id,
                                                               const std::vector<std::string>& accepted) {
  const Bytes body = request.method_specific.bytes;
  wire::Reader form(body);
  form.field("has_signature");
  const bool has_signature = form.boolean();
  if (Result<void> status = form.status(); !status) return status.error();

  PublicKeySignedFields fields;
  if (has_signature) {
    const Result<PublicKeySignedFields> decoded = wire::decode<PublicKeySignedFields>(body);
    if (!decoded) return decoded.error();
    fields = *decoded;
  } else {
    const Result<PublicKeyQueryFields> decoded = wire::decode<PublicKeyQueryFields>(body);
    if (!decoded) return decoded.error();
    fields.algorithm_name = decoded->algorithm_name;
    fields.public_key_blob = decoded->public_key_blob;
  }

  const crypto::SignatureRow* row = accepted_row(fields.algorithm_name, accepted);
  if (row == nullptr) return std::optional<PublicKeyRequest>();
  std::optional<crypto::PublicKey> key = fitting_key(*row, fields.public_key_blob);
  if (!key) return std::optional<PublicKeyRequest>();
  if (has_signature) {
    const ByteVector data =
        publickey_signed_data(session_id, request.user_name, fields.algorithm_name, fields.public_key_blob);
    if (!key->verify(*row, data, fields.signature)) return std::optional<PublicKeyRequest>();
  }
  return std::optional(PublicKeyRequest{*std::move(key), std::string(fields.algorithm_name), has_signature});
}

}  // namespace hawser::auth
