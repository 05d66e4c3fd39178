// Byte views: the only currency in which the layers hand data to one another.
//
// A view borrows. Each function that takes or returns one says until when it stays valid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hawser {

using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;
using ByteVector = std::vector<std::uint8_t>;

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

inline std::string to_string(Bytes bytes) { return std::string(as_text(bytes)); }
inline ByteVector to_vector(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

// Not for secrets: comparing those must take the same time for every input (crypto/secret.h).
bool equal(Bytes a, Bytes b);

}  // namespace hawser
