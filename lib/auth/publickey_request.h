// A publickey request as a server reads it: parsed, and proved where it carries a signature.
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

// An error: the request does not parse, which ends the session. No value: it is refused like any wrong credential,
// because the algorithm is not in `accepted`, the key is not valid or does not fit it, or the signature is wrong.
Result<std::optional<PublicKeyRequest>> read_publickey_request(const UserauthRequest& request,
                                                               const transport::SessionId& session_id,
                                                               const std::vector<std::string>& accepted);

}  // namespace hawser::auth
