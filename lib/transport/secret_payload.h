// Payloads that may hold a password are overwritten where they are dropped, so that it does not wait in pooled memory.
#pragma once

#include "hawser/crypto/secret.h"

namespace hawser::transport {

// A message of authentication: RFC 4250 §4.1.2, 50 to 79.
inline bool may_hold_secret(Bytes payload) { return !payload.empty() && payload[0] >= 50 && payload[0] <= 79; }

inline void wipe_if_secret(MutableBytes payload) {
  if (may_hold_secret(payload)) crypto::wipe(payload);
}

}  // namespace hawser::transport
