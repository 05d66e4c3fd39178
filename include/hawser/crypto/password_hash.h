// Passwords as they are stored: argon2id (RFC 9106) in the PHC string format,
// "$argon2id$v=19$m=65536,t=3,p=1$salt$hash".
#pragma once

#include <string>
#include <string_view>

#include "hawser/crypto/random.h"
#include "hawser/wire/result.h"

namespace hawser::crypto {

// What one check takes. The defaults are about 0.2 s and 64 MiB: whoever has stolen the hashes pays that per guess.
struct Argon2Cost {
  std::size_t memory = 64 * 1024;  // KiB
  std::size_t iterations = 3;
  std::size_t lanes = 1;

  friend auto operator<=>(const Argon2Cost&, const Argon2Cost&) = default;
};

class PasswordHash {
 public:
  // Bounds of what is taken from a file: a check must end, and fit into memory.
  static constexpr Argon2Cost largest{1024 * 1024, 64, 64};

  static PasswordHash make(Bytes password, Random& random, const Argon2Cost& cost = {});
  // The hash of a password that nobody knows: compared with it, a user who does not exist costs what others do.
  static PasswordHash of_nothing(Random& random, const Argon2Cost& cost = {});
  // Errors: bad_value where the text is no argon2id hash, its cost is beyond `largest`, or salt or hash are of a length
  // that argon2 does not make (8 to 48 and 16 to 64 bytes).
  static Result<PasswordHash> from_text(std::string_view text);
  static bool is_hash(std::string_view text) { return text.starts_with("$argon2id$"); }

  const std::string& text() const { return text_; }
  const Argon2Cost& cost() const { return cost_; }

  // Takes the time and the memory that `cost` says: not for a thread that others wait for. False too where there is not
  // enough memory.
  bool matches(Bytes password) const;

 private:
  PasswordHash(std::string text, const Argon2Cost& cost) : text_(std::move(text)), cost_(cost) {}
  std::string text_;
  Argon2Cost cost_;
};

}  // namespace hawser::crypto
