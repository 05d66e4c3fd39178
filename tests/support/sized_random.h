// A deterministic generator with a stream of its own for each size of request. What a crypto library draws beside the
// keys, to blind its arithmetic or to test primes, differs between its versions; here it shifts nothing that is drawn
// in another size, so that a session recorded with one version runs again with another.
#pragma once

#include <map>

#include "support/fixed_random.h"

namespace hawser::test {

class SizedRandom final : public crypto::Random {
 public:
  explicit SizedRandom(std::uint64_t seed) : seed_(seed) {}

  void fill(MutableBytes output) override {
    const auto [stream, made] = streams_.try_emplace(output.size(), seed_ * 1'000'003 + output.size());
    stream->second.fill(output);
  }

 private:
  std::uint64_t seed_;
  std::map<std::size_t, FixedRandom> streams_;
};

}  // namespace hawser::test
