// What every target shares. A target is one file with LLVMFuzzerTestOneInput; it is built twice: with libFuzzer (clang,
// -Dfuzz=true), and with replay_main.cpp as a plain test that runs its corpus.
#pragma once

#include <cstdint>
#include <cstdlib>

#include "hawser/wire/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace hawser::fuzz {

// A property that must hold for every input.
inline void require(bool holds) {
  if (!holds) std::abort();
}

// Cuts the input: decisions first, the rest is what the peer sends.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}
  std::uint8_t byte() { return rest_.empty() ? std::uint8_t{0} : take(1)[0]; }
  Bytes take(std::size_t count) {
    const Bytes front = rest_.first(std::min(count, rest_.size()));
    rest_ = rest_.subspan(front.size());
    return front;
  }
  // A packet: two bytes of length, then as many as there are.
  Bytes packet() {
    const std::size_t high = byte();
    return take((high << 8 | byte()) & 0x0fff);
  }
  bool empty() const { return rest_.empty(); }

 private:
  Bytes rest_;
};

}  // namespace hawser::fuzz
