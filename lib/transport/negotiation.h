// Algorithm negotiation (RFC 4253 §7.1): two KEXINIT messages in, one choice per category out.
#pragma once

#include <string>

#include "hawser/crypto/algorithms.h"
#include "hawser/transport/messages.h"
#include "hawser/transport/role.h"

namespace hawser::transport {

// The choice. A cipher without a tag of its own always has a MAC; one with a tag has none.
struct Algorithms {
  struct Direction {
    const crypto::CipherRow* cipher = nullptr;
    const crypto::MacRow* mac = nullptr;
    const crypto::CompressionRow* compression = nullptr;
  };
  const crypto::KexRow* kex = nullptr;
  const crypto::SignatureRow* host_key = nullptr;
  Direction client_to_server;
  Direction server_to_client;
};

// Errors: no_common_*. `failure_detail` then says which category, what both sides offer, and the nearest way to mend
// it.
Result<Algorithms> negotiate(const KexInit& client, const KexInit& server, Role own_role, std::string& failure_detail);

// RFC 4253 §7: a guess is right when both sides put the same method and the same host key algorithm first.
bool guess_is_right(const KexInit& client, const KexInit& server);

}  // namespace hawser::transport
