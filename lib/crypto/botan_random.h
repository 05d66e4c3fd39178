// Lets Botan draw from the injected `Random`, and from nothing else.
#pragma once

#include "crypto/botan_compat.h"
#include "hawser/crypto/random.h"

namespace hawser::crypto {

class BotanRandom final : public compat::RandomBase {
 public:
  // `random` is borrowed.
  explicit BotanRandom(Random& random) : random_(random) {}
  std::string name() const override { return "hawser::crypto::Random"; }

 private:
  void fill(MutableBytes output) override { random_.fill(output); }

  Random& random_;
};

}  // namespace hawser::crypto
