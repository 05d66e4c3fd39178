#include "auth/publickey_request.h"

#include <algorithm>

#include "auth/signed_data.h"
#include "hawser/auth/method_messages.h"
#include "hawser/auth/request_fields.h"

namespace hawser::auth {
namespace {

// All four forms of the request in one.
struct Form {
  bool has_signature = false;
  std::string_view algorithm_name;
  Bytes public_key_blob;
  std::optional<Bytes> server_host_key;
  Bytes signature;
};

template <class Fields>
Result<Form> read_as(Bytes body) {
  const Result<Fields> fields = wire::decode<Fields>(body);
  if (!fields) return fields.error();
  Form form{fields->has_signature, fields->algorithm_name, fields->public_key_blob, std::nullopt, {}};
  if constexpr (requires { fields->server_host_key; }) form.server_host_key = fields->server_host_key;
  if constexpr (requires { fields->signature; }) form.signature = fields->signature;
  return form;
}

Result<Form> read_form(Bytes body, bool hostbound) {
  wire::Reader reader(body);
  reader.field("has_signature");
  const bool has_signature = reader.boolean();
  if (Result<void> status = reader.status(); !status) return status.error();
  if (hostbound) {
    return has_signature ? read_as<HostboundSignedFields>(body) : read_as<HostboundQueryFields>(body);
  }
  return has_signature ? read_as<PublicKeySignedFields>(body) : read_as<PublicKeyQueryFields>(body);
}

const crypto::SignatureRow* accepted_row(std::string_view algorithm, const std::vector<std::string>& accepted) {
  if (std::ranges::find(accepted, algorithm) == accepted.end()) return nullptr;
  return crypto::find_signature(algorithm);
}

// RFC 8332 §3: the algorithm name says how the key signs, the blob's type what key it is. They must belong together.
std::optional<crypto::PublicKey> fitting_key(const crypto::SignatureRow& row, Bytes blob) {
  Result<crypto::PublicKey> key = crypto::PublicKey::from_blob(blob);
  if (!key || key->blob_type() != row.key_blob_type || !key->can_verify(row)) return std::nullopt;
  return *std::move(key);
}

// A signature made for another server, or by a client that somebody sits in front of, names another host key.
bool host_key_is_ours(const Form& form, Bytes host_key) {
  return !form.server_host_key || (!host_key.empty() && equal(*form.server_host_key, host_key));
}

}  // namespace

Result<std::optional<PublicKeyRequest>> read_publickey_request(const UserauthRequest& request,
                                                               const PublicKeyRules& rules) {
  const bool hostbound = request.method_name == publickey_hostbound_name;
  const Result<Form> form = read_form(request.method_specific.bytes, hostbound);
  if (!form) return form.error();

  const std::optional<PublicKeyRequest> refused;
  const crypto::SignatureRow* row = accepted_row(form->algorithm_name, rules.algorithms);
  if (row == nullptr) return refused;
  std::optional<crypto::PublicKey> key = fitting_key(*row, form->public_key_blob);
  if (!key || !host_key_is_ours(*form, rules.host_key)) return refused;
  PublicKeyRequest made{*std::move(key), std::string(form->algorithm_name), std::nullopt};
  if (form->has_signature) {
    made.proof = PublicKeyProof{row,
                                publickey_signed_data(rules.session_id, request.user_name, form->algorithm_name,
                                                      form->public_key_blob, form->server_host_key),
                                to_vector(form->signature)};
  }
  return std::optional(std::move(made));
}

void ProofWork::run() {
  const std::optional<PublicKeyProof>& proof = request.proof;
  proved = proof && request.key.verify(*proof->algorithm, proof->data, proof->signature).has_value();
}

}  // namespace hawser::auth
