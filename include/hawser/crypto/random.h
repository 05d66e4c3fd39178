// The only source of random bytes: injected into everything that needs some, so that tests replay a whole session.
#pragma once

#include <memory>

#include "hawser/wire/bytes.h"

namespace hawser::crypto {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(MutableBytes output) = 0;
};

// A cryptographic generator seeded by the system (Botan's AutoSeeded_RNG). Not thread-safe: one per connection or per
// thread. Small requests are served from a stock, which a child process would share: make a new one after a fork.
std::unique_ptr<Random> system_random();
// A generator of its own for work on another thread (ChaCha20, seeded with 32 bytes of `seed_source`): the same seed
// gives the same bytes.
std::unique_ptr<Random> derived_random(Random& seed_source);

}  // namespace hawser::crypto
