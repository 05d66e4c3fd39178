// The methods whose request is one message: none, password, publickey.
#include "auth/publickey_request.h"
#include "auth/userauth_server_state.h"
#include "hawser/auth/request_fields.h"

namespace hawser::auth {

UserauthServer::Event UserauthServer::State::none_request(const UserauthRequest& request) {
  if (!request.method_specific.bytes.empty()) return Error(Errc::trailing_bytes, "method_specific");
  return decide(NoneRequest{});
}

UserauthServer::Event UserauthServer::State::password_request(const UserauthRequest& request) {
  const Bytes body = request.method_specific.bytes;
  wire::Reader form(body);
  form.field("change");
  const bool change = form.boolean();
  if (Result<void> status = form.status(); !status) return status.error();

  PasswordRequest event;
  if (change) {
    const Result<PasswordChangeFields> fields = wire::decode<PasswordChangeFields>(body);
    if (!fields) return fields.error();
    event.password = crypto::SecretBytes(as_bytes(fields->old_password));
    event.new_password = crypto::SecretBytes(as_bytes(fields->new_password));
  } else {
    const Result<PasswordFields> fields = wire::decode<PasswordFields>(body);
    if (!fields) return fields.error();
    event.password = crypto::SecretBytes(as_bytes(fields->password));
  }
  return decide(std::move(event));
}

UserauthServer::Event UserauthServer::State::publickey_request(const UserauthRequest& request) {
  const PublicKeyRules rules{session_id, config.signature_algorithms, config.host_key};
  Result<std::optional<PublicKeyRequest>> read = read_publickey_request(request, rules);
  if (!read) return read.error();
  if (!read->has_value()) return refuse("the key, its algorithm or its signature is not acceptable");
  PublicKeyRequest& proved = **read;
  if (proved.signature_verified) return decide(PublicKeySigned{std::move(proved.key), std::move(proved.algorithm)});
  pending.key_query = true;
  pending.algorithm = proved.algorithm;
  pending.blob = to_vector(proved.key.blob());
  return decide(PublicKeyQuery{std::move(proved.key), std::move(proved.algorithm)});
}

}  // namespace hawser::auth
