// Where a mutation's decisions come from: a seed, so that the same one decides the same again.
#pragma once

#include <iterator>
#include <limits>

#include "support/fixed_random.h"

// libFuzzer's own mutations; null in a program without libFuzzer.
extern "C" __attribute__((weak)) std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size,
                                                              std::size_t max_size);

namespace hawser::fuzz {

class Choices {
 public:
  explicit Choices(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_.below(bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  ByteVector bytes(std::size_t size) { return random_.bytes(size); }
  template <class Container>
  auto& one_of(Container& container) {
    return container[below(std::size(container))];
  }

  // A number near what `old` was, or where counting has gone wrong before.
  template <class Number>
  Number number(Number old) {
    constexpr Number all = std::numeric_limits<Number>::max();
    switch (below(6)) {
      case 0: return static_cast<Number>(old + 1);
      case 1: return static_cast<Number>(old - 1);
      case 2: return static_cast<Number>(old ^ (std::uint64_t{1} << below(8 * sizeof(Number))));
      case 3: return static_cast<Number>(all - below(2));
      case 4: return static_cast<Number>(all / 2 + below(2));
      default: return static_cast<Number>(below(8));
    }
  }

  // The lengths that have broken parsers, for a field that holds `size` bytes.
  std::uint32_t wild_length(std::size_t size) {
    const auto real = static_cast<std::uint32_t>(size);
    const std::uint32_t lengths[] = {0, real + 1, real - 1, real + 4, 0x7fffffff, 0x80000000, 0xfffffffb, 0xffffffff};
    return lengths[below(std::size(lengths))];
  }

 private:
  test::FixedRandom random_;
};

}  // namespace hawser::fuzz
