#include "hawser/crypto/dh_group.h"

#include <botan/numthry.h>

#include <bit>

#include "crypto/botan_compat.h"
#include "crypto/botan_random.h"

namespace hawser::crypto {

namespace {

// p = 2q + 1. Four rounds of Miller and Rabin for q, enough for a number that was not chosen to pass them; then p needs
// one exponentiation, by Pocklington's criterion: q is a prime factor of p - 1 above its root, 2^(p-1) = 1 modulo p and
// gcd(2^2 - 1, p) = 1 prove p.
bool is_safe_prime(const Botan::BigInt& p, const Botan::BigInt& g, Random& random) {
  constexpr std::size_t error_bits = 128;
  const Botan::BigInt q = p >> 1;
  BotanRandom generator(random);
  if (p % 3 == 0 || !Botan::is_prime(q, generator, error_bits, true)) return false;
  return compat::power(Botan::DL_Group(p, g), 4, q) == 1;
}

}  // namespace

std::size_t DhGroup::bits() const {
  return p.empty() ? 0 : 8 * (p.size() - 1) + static_cast<std::size_t>(std::bit_width(p.front()));
}

GroupRequest request_for_strength(std::size_t strength) {
  GroupRequest request;
  request.n = strength <= 112 ? 2048 : strength <= 128 ? 3072 : strength <= 192 ? 7680 : 8192;
  return request;
}

Result<void> check_group(const DhGroup& group, const GroupRequest& asked, Random& random) {
  const auto refuse = [](const char* why) { return Error(Errc::bad_public_value, why); };
  // Before any arithmetic: what it costs grows with the third power of the size.
  if (group.bits() < asked.min) return refuse("p: smaller than asked for");
  if (group.bits() > asked.max) return refuse("p: larger than asked for");
  if (group.g.size() > group.p.size()) return refuse("g: larger than p");
  if ((group.p.back() & 3) != 3) return refuse("p: no safe prime");  // 2q + 1 with an odd q
  try {
    const Botan::BigInt p(group.p.data(), group.p.size()), g(group.g.data(), group.g.size());
    if (g <= 1 || g >= p - 1) return refuse("g: out of range");
    if (group == rfc3526_group(group.bits())) return {};
    if (!is_safe_prime(p, g, random)) return refuse("p: no safe prime");
  } catch (const std::exception&) {
    return Error(Errc::crypto_failure, "checking a Diffie-Hellman group");
  }
  return {};
}

}  // namespace hawser::crypto
