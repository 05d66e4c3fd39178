// Bytes of which a piece that is lost, repeated or moved is seen.
#pragma once

#include "hawser/wire/bytes.h"

namespace hawser::test {

inline ByteVector pattern(std::size_t size) {
  ByteVector bytes(size);
  for (std::size_t i = 0; i != size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + (i >> 12));
  return bytes;
}

}  // namespace hawser::test
