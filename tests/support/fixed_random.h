// The same "random" bytes for the same seed, on every system: what makes a whole session replay byte for byte.
#pragma once

#include <cstdint>

#include "hawser/crypto/random.h"

namespace hawser::test {

class FixedRandom final : public crypto::Random {
 public:
  explicit FixedRandom(std::uint64_t seed = 1) : state_(seed) {}

  void fill(MutableBytes output) override {
    for (std::uint8_t& byte : output) byte = static_cast<std::uint8_t>(next() >> 56);
  }

  // Between 0 and bound - 1; for tests that choose (where to cut, which message to send).
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

  ByteVector bytes(std::size_t size) {
    ByteVector out(size);
    fill(out);
    return out;
  }

 private:
  // SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014): a counter and a mixing
  // function.
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }

  std::uint64_t state_;
};

}  // namespace hawser::test
