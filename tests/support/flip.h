// Damages a byte string in every way of one kind and hands each damaged copy to the test. The copy is valid during the
// call and lies in a heap block of exactly its size, so that AddressSanitizer sees a read past its end.
//
//   for_each_bit_flip(packet, [&](Bytes damaged, std::size_t bit) { CHECK_FALSE(open(damaged)); });
#pragma once

#include <array>

#include "hawser/wire/bytes.h"

namespace hawser::test {

// One bit wrong. `use(damaged, bit)`, bit 0 being the lowest of the first byte.
template <class Use>
void for_each_bit_flip(Bytes original, Use use) {
  for (std::size_t bit = 0; bit != original.size() * 8; ++bit) {
    ByteVector damaged = to_vector(original);
    damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1u << (bit % 8)));
    use(Bytes(damaged), bit);
  }
}

// One byte set to each value that is known to find bugs: zero, one, the borders of the sign bit, all ones.
// `use(damaged, offset)`.
template <class Use>
void for_each_byte_set(Bytes original, Use use) {
  constexpr std::array<std::uint8_t, 5> values{0x00, 0x01, 0x7f, 0x80, 0xff};
  for (std::size_t offset = 0; offset != original.size(); ++offset) {
    for (const std::uint8_t value : values) {
      if (original[offset] == value) continue;
      ByteVector damaged = to_vector(original);
      damaged[offset] = value;
      use(Bytes(damaged), offset);
    }
  }
}

// Every proper prefix, the empty one first. `use(damaged)`.
template <class Use>
void for_each_truncation(Bytes original, Use use) {
  for (std::size_t size = 0; size != original.size(); ++size) {
    const ByteVector damaged = to_vector(original.first(size));
    use(Bytes(damaged));
  }
}

}  // namespace hawser::test
