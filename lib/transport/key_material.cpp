#include "transport/key_material.h"

#include "hawser/crypto/hash.h"

namespace hawser::transport {
namespace {

// The letters of RFC 4253 §7.2, per direction.
struct Letters {
  char iv;
  char key;
  char mac_key;
};
constexpr Letters client_to_server{'A', 'C', 'E'};
constexpr Letters server_to_client{'B', 'D', 'F'};

crypto::DirectionKeys derive(const Algorithms& algorithms, const Algorithms::Direction& direction, Letters letters,
                             const ExchangeResult& result, Bytes session_id) {
  const auto part = [&](char letter, std::size_t size) {
    if (size == 0) return crypto::SecretBytes();
    return crypto::derive_key(algorithms.kex->hash, result.shared_secret.view(), result.exchange_hash, letter,
                              session_id, size);
  };
  crypto::DirectionKeys keys;
  keys.iv = part(letters.iv, direction.cipher->iv_size);
  keys.key = part(letters.key, direction.cipher->key_size);
  keys.mac_key = part(letters.mac_key, direction.mac != nullptr ? direction.mac->key_size : 0);
  return keys;
}

}  // namespace

Result<KeyedDirections> make_directions(Role role, const Algorithms& algorithms, const ExchangeResult& result,
                                        Bytes session_id) {
  const bool client = role == Role::client;
  const Algorithms::Direction& out = client ? algorithms.client_to_server : algorithms.server_to_client;
  const Algorithms::Direction& in = client ? algorithms.server_to_client : algorithms.client_to_server;
  const crypto::DirectionKeys out_keys =
      derive(algorithms, out, client ? client_to_server : server_to_client, result, session_id);
  const crypto::DirectionKeys in_keys =
      derive(algorithms, in, client ? server_to_client : client_to_server, result, session_id);

  Result<std::unique_ptr<crypto::Sealer>> sealer = crypto::make_sealer(*out.cipher, out.mac, out_keys);
  if (!sealer) return sealer.error();
  Result<std::unique_ptr<crypto::Opener>> opener = crypto::make_opener(*in.cipher, in.mac, in_keys);
  if (!opener) return opener.error();
  return KeyedDirections{std::move(*sealer), std::move(*opener)};
}

}  // namespace hawser::transport
