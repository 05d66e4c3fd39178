// What both sides of a harness's session agree on, from the same seed in each process.
#pragma once

#include "hawser/transport/transport.h"
#include "support/fixed_random.h"

namespace hawser::fuzz {

inline std::shared_ptr<const crypto::Signer> fixed_host_key() {
  static const auto* const key = [] {
    test::FixedRandom random(1);
    const auto made = crypto::PrivateKey::generate(crypto::KeyType::ed25519, random);
    return new std::shared_ptr<const crypto::Signer>(std::make_shared<crypto::PrivateKey>(*made));
  }();
  return *key;
}

inline std::shared_ptr<BufferPool> shared_pool() {
  static const auto* const pool = new std::shared_ptr<BufferPool>(BufferPool::create());
  return *pool;
}

inline transport::TransportConfig harness_transport(bool compression) {
  transport::TransportConfig config;
  config.pool = shared_pool();
  config.host_keys = {fixed_host_key()};
  if (compression) config.algorithms.compression = {"zlib@openssh.com"};
  return config;
}

}  // namespace hawser::fuzz
