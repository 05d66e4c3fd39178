// A key of each type for the users and for the hosts of the matrix, in files as OpenSSH writes them.
#pragma once

#include "hawser/crypto/keys.h"
#include "support/temporary_directory.h"

namespace hawser::test {

class MatrixKeys {
 public:
  static constexpr crypto::KeyType types[] = {crypto::KeyType::ed25519, crypto::KeyType::ecdsa_p256,
                                              crypto::KeyType::ecdsa_p384, crypto::KeyType::ecdsa_p521,
                                              crypto::KeyType::rsa};
  MatrixKeys();

  // "…/user_ed25519", and so on.
  std::string user_file(crypto::KeyType type) const { return folder_ / ("user_" + type_name(type)); }
  std::string host_file(crypto::KeyType type) const { return folder_ / ("host_" + type_name(type)); }
  std::string folder() const { return folder_.path(); }
  const std::string& authorized_keys() const { return authorized_keys_; }  // the text of such a file
  crypto::PrivateKey user_key(crypto::KeyType type) const;
  const std::vector<std::shared_ptr<const crypto::Signer>>& host_keys() const { return host_keys_; }

 private:
  static std::string type_name(crypto::KeyType type);

  TemporaryDirectory folder_;
  std::string authorized_keys_;
  std::vector<std::shared_ptr<const crypto::Signer>> host_keys_;
};

}  // namespace hawser::test
