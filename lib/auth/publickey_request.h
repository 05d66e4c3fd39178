// A publickey request as a server reads it, in its plain and its host-bound form: parsed, and proved where it carries a
// signature.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hawser/auth/messages.h"
#include "hawser/crypto/keys.h"
#include "hawser/transport/session_id.h"

namespace hawser::auth {

struct PublicKeyRequest {
  crypto::PublicKey key;
  std::string algorithm;
  bool signature_verified = false;  // false: a query
};

// What a request is held against.
struct PublicKeyRules {
  const transport::SessionId& session_id;
  const std::vector<std::string>& algorithms;  // that are accepted
  Bytes host_key;  // that a host-bound request must name; empty: host-bound requests are refused
};

// An error: the request does not parse, which ends the session. No value: it is refused like any wrong credential,
// because the algorithm is not accepted, the key is not valid or does not fit it, the host key is another one, or the
// signature is wrong.
Result<std::optional<PublicKeyRequest>> read_publickey_request(const UserauthRequest& request,
                                                               const PublicKeyRules& rules);

}  // namespace hawser::auth
