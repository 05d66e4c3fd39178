// Options for a client that knows our test server's host key, and signs in as "user".
#pragma once

#include "hawser/client/client.h"
#include "support/test_keys.h"

namespace hawser::test {

inline client::ClientOptions login_options(std::uint16_t port, std::vector<client::Credential> credentials = {}) {
  client::ClientOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  options.user = "user";
  options.host_keys = client::pinned_host_keys({ed25519_key().public_key()});
  options.credentials = std::move(credentials);
  return options;
}

inline client::Key key(const crypto::PrivateKey& one) { return std::make_shared<crypto::PrivateKey>(one); }

}  // namespace hawser::test
