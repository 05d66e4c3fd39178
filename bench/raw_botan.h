// Botan's ciphers in place, with nothing of SSH around them: what pipe_limit and bench/micro hold ours against.
//
// A packet here is text with room for the tag behind it. Each object is keyed once, with a key of no secrecy, and used
// for one packet after the other in the cheapest way that Botan's interface has. What is sealed by one object is opened
// by another of the same kind and the other direction, in the same order. All may throw Botan's exceptions; `open`
// throws when a tag is wrong.
#pragma once

#include <memory>
#include <string>

#include "hawser/wire/bytes.h"

namespace hawser::bench {

class RawCipher {
 public:
  virtual ~RawCipher() = default;
  virtual std::size_t tag_size() const = 0;
  virtual void seal(MutableBytes packet) = 0;
  virtual void open(MutableBytes packet) = 0;
};

enum class Direction { seal, open };

// Key sizes in bytes.
std::unique_ptr<RawCipher> raw_aes_gcm(std::size_t key_size, Direction direction);
// The construction of OpenSSH, without its second ChaCha for the length field.
std::unique_ptr<RawCipher> raw_chacha20_poly1305();
// Encrypted, then authenticated. `hash` is Botan's name of it, "SHA-256".
std::unique_ptr<RawCipher> raw_aes_ctr_hmac(std::size_t key_size, const std::string& hash);

}  // namespace hawser::bench
