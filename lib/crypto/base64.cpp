#include <botan/base64.h>

#include "hawser/crypto/hash.h"

namespace hawser::crypto {

std::string base64_encode(Bytes bytes) { return Botan::base64_encode(bytes.data(), bytes.size()); }

Result<ByteVector> base64_decode(std::string_view text) {
  try {
    const auto decoded = Botan::base64_decode(text.data(), text.size(), false);
    ByteVector bytes(decoded.begin(), decoded.end());
    // Botan forgives missing padding and stray bits; one value has one text here (RFC 4648 §3.5).
    if (base64_encode(bytes) == text) return bytes;
  } catch (const std::exception&) {
  }
  return Error(Errc::bad_value, "base64");
}

}  // namespace hawser::crypto
