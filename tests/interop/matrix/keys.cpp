#include "keys.h"

#include "../peers.h"
#include "support/test_keys.h"

namespace hawser::test {

MatrixKeys::MatrixKeys() {
  const auto random = crypto::system_random();
  const auto save = [&](const std::string& path, const crypto::PrivateKey& key) {
    if (const Result<void> saved = crypto::save_private_key(path, key, *random, "test"); !saved) {
      throw std::runtime_error(saved.error().message());
    }
    const std::string line = key.public_key().text("test") + "\n";
    write_file(path + ".pub", line, 0644);
    return line;
  };
  std::uint64_t seed = 100;
  for (const crypto::KeyType type : types) {
    const crypto::PrivateKey user = make_key(type, ++seed), host = make_key(type, ++seed);
    authorized_keys_ += save(user_file(type), user);
    save(host_file(type), host);
    host_keys_.push_back(std::make_shared<crypto::PrivateKey>(host));
  }
  write_file(folder_ / "authorized_keys", authorized_keys_);
}

crypto::PrivateKey MatrixKeys::user_key(crypto::KeyType type) const {
  const Result<crypto::PrivateKey> key = crypto::load_private_key(user_file(type));
  if (!key) throw std::runtime_error(key.error().message());
  return *key;
}

std::string MatrixKeys::type_name(crypto::KeyType type) {
  switch (type) {
    case crypto::KeyType::ed25519: return "ed25519";
    case crypto::KeyType::ecdsa_p256: return "ecdsa_256";
    case crypto::KeyType::ecdsa_p384: return "ecdsa_384";
    case crypto::KeyType::ecdsa_p521: return "ecdsa_521";
    case crypto::KeyType::rsa: return "rsa";
  }
  return {};
}

}  // namespace hawser::test
