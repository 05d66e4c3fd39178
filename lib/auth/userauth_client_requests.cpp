// The methods whose request is one message: none, password, publickey.
#include "auth/display_text.h"
#include "auth/signed_data.h"
#include "auth/userauth_client_state.h"
#include "hawser/auth/request_fields.h"

namespace hawser::auth {
namespace {

Result<void> fits(const crypto::PublicKey& key, const crypto::SignatureRow& algorithm) {
  if (key.can_verify(algorithm)) return {};
  return Error(Errc::invalid_argument, "the key does not fit the signature algorithm");
}

}  // namespace

void UserauthClient::bind_to_host_key(Bytes server_host_key) { state_->server_host_key = to_vector(server_host_key); }

Result<void> UserauthClient::request_none() {
  if (Result<void> may = state_->may_ask(); !may) return may;
  state_->ask(Method::none, wire::Rest{});
  return {};
}

Result<void> UserauthClient::request_password(std::string_view password) {
  if (Result<void> may = state_->may_ask(); !may) return may;
  state_->ask(Method::password, PasswordFields{false, password});
  return {};
}

Result<void> UserauthClient::request_password_change(std::string_view old_password, std::string_view new_password) {
  if (Result<void> may = state_->may_ask(); !may) return may;
  state_->ask(Method::password, PasswordChangeFields{true, old_password, new_password});
  return {};
}

Result<void> UserauthClient::query_public_key(const crypto::PublicKey& key, const crypto::SignatureRow& algorithm) {
  State& s = *state_;
  if (Result<void> may = s.may_ask(); !may) return may;
  if (Result<void> fit = fits(key, algorithm); !fit) return fit;
  if (s.server_host_key) {
    const HostboundQueryFields fields{false, algorithm.name, key.blob(), *s.server_host_key};
    s.ask(Method::publickey, fields, publickey_hostbound_name);
  } else {
    s.ask(Method::publickey, PublicKeyQueryFields{false, algorithm.name, key.blob()});
  }
  s.outstanding->key_query = true;
  s.outstanding->queried_algorithm = algorithm.name;
  s.outstanding->queried_blob = to_vector(key.blob());
  return {};
}

Result<ByteVector> UserauthClient::public_key_data(const crypto::PublicKey& key,
                                                   const crypto::SignatureRow& algorithm) const {
  if (Result<void> fit = fits(key, algorithm); !fit) return fit.error();
  return state_->data_to_sign(key, algorithm);
}

Result<void> UserauthClient::request_public_key(const crypto::Signer& signer, const crypto::SignatureRow& algorithm) {
  State& s = *state_;
  if (Result<void> may = s.may_ask(); !may) return may;
  const crypto::PublicKey& key = signer.public_key();
  if (Result<void> fit = fits(key, algorithm); !fit) return fit;
  const Result<ByteVector> signature = signer.sign(algorithm, s.data_to_sign(key, algorithm));
  if (!signature) return signature.error();
  s.ask_signed(key, algorithm, *signature);
  return {};
}

Result<void> UserauthClient::request_public_key(const crypto::PublicKey& key, const crypto::SignatureRow& algorithm,
                                                Bytes signature) {
  State& s = *state_;
  if (Result<void> may = s.may_ask(); !may) return may;
  if (Result<void> fit = fits(key, algorithm); !fit) return fit;
  if (Result<void> right = key.verify(algorithm, s.data_to_sign(key, algorithm), signature); !right) return right;
  s.ask_signed(key, algorithm, signature);
  return {};
}

ByteVector UserauthClient::State::data_to_sign(const crypto::PublicKey& key,
                                               const crypto::SignatureRow& algorithm) const {
  const std::optional<Bytes> host_key = server_host_key ? std::optional<Bytes>(*server_host_key) : std::nullopt;
  return publickey_signed_data(session_id, user, algorithm.name, key.blob(), host_key);
}

void UserauthClient::State::ask_signed(const crypto::PublicKey& key, const crypto::SignatureRow& algorithm,
                                       Bytes signature) {
  if (server_host_key) {
    const HostboundSignedFields fields{true, algorithm.name, key.blob(), *server_host_key, signature};
    ask(Method::publickey, fields, publickey_hostbound_name);
  } else {
    ask(Method::publickey, PublicKeySignedFields{true, algorithm.name, key.blob(), signature});
  }
}

UserauthClient::Event UserauthClient::State::pk_ok(Bytes message) {
  if (!outstanding->key_query) return Error(Errc::unexpected_message, "PK_OK answers no query");
  const Result<UserauthPkOk> accepted = wire::decode<UserauthPkOk>(message);
  if (!accepted) return accepted.error();
  if (accepted->algorithm_name != outstanding->queried_algorithm) return Error(Errc::bad_value, "algorithm_name");
  if (!equal(accepted->public_key_blob, outstanding->queried_blob)) return Error(Errc::bad_value, "public_key_blob");
  outstanding.reset();
  return client_event(PublicKeyAccepted{});
}

UserauthClient::Event UserauthClient::State::passwd_changereq(Bytes message) {
  const Result<UserauthPasswdChangereq> asked = wire::decode<UserauthPasswdChangereq>(message);
  if (!asked) return asked.error();
  outstanding.reset();
  return client_event(PasswordChangeRequested{display_text(asked->prompt)});
}

}  // namespace hawser::auth
