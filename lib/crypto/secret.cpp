#include "hawser/crypto/secret.h"

#include <botan/mem_ops.h>

#include <cstring>

namespace hawser::crypto {

void wipe(MutableBytes bytes) {
  if (!bytes.empty()) Botan::secure_scrub_memory(bytes.data(), bytes.size());
}

bool constant_time_equal(Bytes a, Bytes b) {
  if (a.size() != b.size()) return false;
  // volatile keeps the compiler from leaving a loop early. It also sends each step through memory: by words, the tag of
  // a packet takes an eighth of the steps.
  volatile std::uint64_t difference = 0;
  std::size_t done = 0;
  for (std::uint64_t x = 0, y = 0; a.size() - done >= sizeof x; done += sizeof x) {
    std::memcpy(&x, a.data() + done, sizeof x);
    std::memcpy(&y, b.data() + done, sizeof y);
    difference = difference | (x ^ y);
  }
  for (; done < a.size(); ++done) difference = difference | static_cast<std::uint64_t>(a[done] ^ b[done]);
  return difference == 0;
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    wipe(bytes_);
    bytes_ = std::move(other.bytes_);
    other.bytes_.clear();
  }
  return *this;
}

}  // namespace hawser::crypto
