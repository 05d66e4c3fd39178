// The methods whose request is one message: none, password, publickey.
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
  if (!read->has_value()) return refuse("the key or its algorithm is not acceptable");
  PublicKeyRequest& made = **read;
  if (made.proof) return prove(std::move(made));
  pending.key_query = true;
  pending.algorithm = made.algorithm;
  pending.blob = to_vector(made.key.blob());
  return decide(PublicKeyQuery{std::move(made.key), std::move(made.algorithm)});
}

UserauthServer::Event UserauthServer::State::prove(PublicKeyRequest request) {
  auto work = std::make_shared<ProofWork>(std::move(request));
  if (config.defer_public_key_work) {
    phase = Phase::proving;
    pending.proof = work;
    return std::optional<UserauthServerEvent>(crypto::WorkDue{std::move(work)});
  }
  work->run();
  return proof_checked(*work);
}

UserauthServer::Event UserauthServer::State::proof_checked(ProofWork& work) {
  if (!work.proved) return refuse("the signature is wrong");
  return decide(PublicKeySigned{std::move(work.request.key), std::move(work.request.algorithm)});
}

}  // namespace hawser::auth
