// What a server reads from files before it starts: its host key, and the groups of a group exchange.
#include "hawser/server/ssh_server_manager.h"
#include "server/credential_file.h"

namespace hawser::server {

namespace {

Result<std::shared_ptr<const crypto::Signer>> as_signer(Result<crypto::PrivateKey> key) {
  if (!key) return key.error();
  return std::shared_ptr<const crypto::Signer>(std::make_shared<crypto::PrivateKey>(std::move(*key)));
}

}  // namespace

Result<std::shared_ptr<const crypto::Signer>> ephemeral_host_key() {
  const std::unique_ptr<crypto::Random> random = crypto::system_random();
  return as_signer(crypto::PrivateKey::generate(crypto::KeyType::ed25519, *random));
}

Result<std::shared_ptr<const crypto::Signer>> host_key_from_file(const std::string& path) {
  const std::unique_ptr<crypto::Random> random = crypto::system_random();
  return as_signer(crypto::load_or_create_private_key(path, crypto::KeyType::ed25519, *random));
}

Result<std::shared_ptr<const crypto::Moduli>> moduli_from_file(const std::string& path) {
  const Result<std::string> text = read_credential_file(path);
  if (!text) return text.error();
  Result<crypto::Moduli> moduli = crypto::Moduli::from_text(*text);
  if (!moduli) return moduli.error();
  return std::make_shared<const crypto::Moduli>(*std::move(moduli));
}

}  // namespace hawser::server
