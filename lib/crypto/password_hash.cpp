#include "hawser/crypto/password_hash.h"

#include <algorithm>
#include <charconv>
#include <new>
#include <optional>

#include "crypto/botan_random.h"
#include "hawser/crypto/hash.h"
#include "hawser/crypto/secret.h"
#if BOTAN_VERSION_MAJOR >= 3
#include <botan/argon2fmt.h>
#else
#include <botan/argon2.h>
#endif

namespace hawser::crypto {
namespace {

const char* characters(Bytes bytes) { return reinterpret_cast<const char*>(bytes.data()); }

// Reads what is fixed, then a number of at most nine digits.
bool take_number(std::string_view& text, std::string_view before, std::size_t& number) {
  if (!text.starts_with(before)) return false;
  text.remove_prefix(before.size());
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > 9 || text.front() == '0') return false;
  std::from_chars(text.data(), text.data() + digits, number);
  text.remove_prefix(digits);
  return true;
}

// Of "$base64" without padding; nullopt where there is none.
std::optional<std::size_t> take_base64_size(std::string_view& text) {
  if (!text.starts_with('$')) return std::nullopt;
  text.remove_prefix(1);
  const std::string_view digits = text.substr(0, text.find('$'));
  text.remove_prefix(digits.size());
  std::string padded(digits);
  while (padded.size() % 4 != 0) padded += '=';
  const Result<ByteVector> bytes = base64_decode(padded);
  if (!bytes) return std::nullopt;
  return bytes->size();
}

}  // namespace

PasswordHash PasswordHash::make(Bytes password, Random& random, const Argon2Cost& cost) {
  BotanRandom source(random);
  return PasswordHash(Botan::argon2_generate_pwhash(characters(password), password.size(), source, cost.lanes,
                                                    cost.memory, cost.iterations),
                      cost);
}

PasswordHash PasswordHash::of_nothing(Random& random, const Argon2Cost& cost) {
  SecretBytes password(32);
  random.fill(password.mutable_view());
  return make(password.view(), random, cost);
}

Result<PasswordHash> PasswordHash::from_text(std::string_view text) {
  const Error malformed(Errc::bad_value, "argon2id hash");
  Argon2Cost cost;
  std::string_view rest = text;
  if (!take_number(rest, "$argon2id$v=19$m=", cost.memory) || !take_number(rest, ",t=", cost.iterations) ||
      !take_number(rest, ",p=", cost.lanes)) {
    return malformed;
  }
  const std::optional<std::size_t> salt = take_base64_size(rest);
  const std::optional<std::size_t> hash = take_base64_size(rest);
  if (!rest.empty() || !salt || !hash) return malformed;
  if (*salt < 8 || *salt > 48 || *hash < 16 || *hash > 64) return malformed;
  const bool affordable =
      cost.memory <= largest.memory && cost.iterations <= largest.iterations && cost.lanes <= largest.lanes;
  // RFC 9106 §3.1: at least eight blocks for each lane.
  if (!affordable || cost.memory < 8 * cost.lanes) return Error(Errc::bad_value, "cost of an argon2id hash");
  return PasswordHash(std::string(text), cost);
}

bool PasswordHash::matches(Bytes password) const {
  try {
    return Botan::argon2_check_pwhash(characters(password), password.size(), text_);
  } catch (const std::bad_alloc&) {
    return false;
  }
}

}  // namespace hawser::crypto
