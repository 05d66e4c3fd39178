// What a server makes of a client's public value.
#pragma once

#include "hawser/crypto/key_agreement.h"
#include "support/fixed_random.h"

namespace hawser::test {

inline Errc answer_to(const crypto::KexRow& row, Bytes client_value) {
  FixedRandom random;
  const auto answer = crypto::make_key_agreement(row, random)->server_respond(client_value);
  return answer ? Errc::ok : answer.error().code();
}

}  // namespace hawser::test
