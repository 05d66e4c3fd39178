// A publickey request as a server reads it, in its plain and its host-bound form: parsed, then proved where it carries
// a signature.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hawser/auth/messages.h"
#include "hawser/crypto/deferred_work.h"
#include "hawser/crypto/keys.h"
#include "hawser/transport/session_id.h"

namespace hawser::auth {

// A signature, and what it must be over.
struct PublicKeyProof {
  const crypto::SignatureRow* algorithm;
  ByteVector data;
  ByteVector signature;
};

struct PublicKeyRequest {
  crypto::PublicKey key;
  std::string algorithm;
  std::optional<PublicKeyProof> proof;  // none: a query
};

// Checks the proof, here or elsewhere. Nothing is proved until that is done.
class ProofWork final : public crypto::DeferredWork {
 public:
  explicit ProofWork(PublicKeyRequest to_check) : request(std::move(to_check)) {}
  void run() override;

  PublicKeyRequest request;
  bool proved = false;
};

// What a request is held against.
struct PublicKeyRules {
  const transport::SessionId& session_id;
  const std::vector<std::string>& algorithms;  // that are accepted
  Bytes host_key;  // that a host-bound request must name; empty: host-bound requests are refused
};

// An error: the request does not parse, which ends the session. No value: it is refused like any wrong credential,
// because the algorithm is not accepted, the key is not valid or does not fit it, or the host key is another one.
Result<std::optional<PublicKeyRequest>> read_publickey_request(const UserauthRequest& request,
                                                               const PublicKeyRules& rules);

}  // namespace hawser::auth
