// Diffie-Hellman groups that travel in messages instead of having a name: what a server chooses in a group exchange
// (RFC 4419), and what a client makes sure of before it uses one.
#pragma once

#include <optional>

#include "hawser/crypto/random.h"
#include "hawser/wire/limits.h"
#include "hawser/wire/result.h"

namespace hawser::crypto {

// Both numbers are unsigned, big-endian, without leading zeros.
struct DhGroup {
  ByteVector p;  // a safe prime: (p - 1) / 2 is prime too
  ByteVector g;  // the generator, 1 < g < p - 1

  std::size_t bits() const;  // of p
  friend bool operator==(const DhGroup&, const DhGroup&) = default;
};

// What a client asks for: sizes of p in bits (RFC 4419 §3), of which `n` is the one it would like best.
struct GroupRequest {
  std::uint32_t min = limits::smallest_group;
  std::uint32_t n = limits::smallest_group;
  std::uint32_t max = limits::largest_group;

  bool in_order() const { return min <= n && n <= max; }
};

// The request of a client whose ciphers have keys of `strength` bits: a prime that takes as much work to break (NIST SP
// 800-57 part 1, table 2), of 8192 bits at most.
GroupRequest request_for_strength(std::size_t strength);

// Groups 14 to 18 of RFC 3526, whose primes have 2048, 3072, 4096, 6144 and 8192 bits; nullopt for other sizes.
std::optional<DhGroup> rfc3526_group(std::size_t bits);

// A client's check of the group that a server sent: a size it asked for, p odd and not obviously composite in
// (p - 1) / 2, 1 < g < p - 1. A group of RFC 3526 is then good. Of any other one p and (p - 1) / 2 are tested for
// primality, which costs at most five exponentiations modulo p: about 20 ms for 2048 bits, 1 s for 8192. The test is
// for mistakes - a number that was damaged, or never tested - and not for a server that chooses a weak group on
// purpose: it knows the secret anyhow, and could as well publish it. Errors: bad_public_value, crypto_failure.
Result<void> check_group(const DhGroup& group, const GroupRequest& asked, Random& random);

}  // namespace hawser::crypto
