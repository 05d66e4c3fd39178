#include "hawser/crypto/password_hash.h"

#include <doctest/doctest.h>

using namespace hawser;
using namespace hawser::crypto;

namespace {

constexpr Argon2Cost cheap{64, 1, 1};

// Of the argon2 reference implementation's tests (test.c): "password", "somesalt".
constexpr std::string_view reference =
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

Errc refusal(std::string_view text) {
  const Result<PasswordHash> hash = PasswordHash::from_text(text);
  REQUIRE_FALSE(hash);
  return hash.error().code();
}

}  // namespace

TEST_CASE("password hash: the reference implementation's is matched by its password only") {
  const Result<PasswordHash> hash = PasswordHash::from_text(reference);
  REQUIRE(hash);
  CHECK(hash->text() == reference);
  CHECK(hash->cost() == Argon2Cost{256, 2, 1});
  CHECK(hash->matches(as_bytes("password")));
  for (const char* wrong : {"", "Password", "password ", "passwor", "differentpassword"}) {
    CHECK_FALSE(hash->matches(as_bytes(wrong)));
  }
}

TEST_CASE("password hash: what is made can be read again, and two of one password differ") {
  const auto random = system_random();
  const PasswordHash made = PasswordHash::make(as_bytes("wonder\0land"), *random, cheap);
  CHECK(PasswordHash::is_hash(made.text()));
  const Result<PasswordHash> read = PasswordHash::from_text(made.text());
  REQUIRE(read);
  CHECK(read->cost() == cheap);
  CHECK(read->matches(as_bytes("wonder\0land")));
  CHECK(PasswordHash::make(as_bytes("wonder\0land"), *random, cheap).text() != made.text());
  CHECK_FALSE(PasswordHash::of_nothing(*random, cheap).matches({}));
}

TEST_CASE("password hash: the defaults cost what RFC 9106 §4 recommends for little memory") {
  const Argon2Cost cost;
  CHECK(cost.memory == 65536);
  CHECK(cost.iterations == 3);
}

TEST_CASE("password hash: a text that is none is refused") {
  const std::string good(reference);
  for (std::size_t length = 0; length != good.size(); ++length) {
    if (length <= good.size() - 22) CHECK(refusal(good.substr(0, length)) == Errc::bad_value);
  }
  for (const char* text :
       {"plain", "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=0256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR!uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4$more"}) {
    CAPTURE(text);
    CHECK(refusal(text) == Errc::bad_value);
  }
}

TEST_CASE("password hash: a cost that would take the machine is refused") {
  const std::string rest = "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  CHECK(PasswordHash::from_text("$argon2id$v=19$m=1048576,t=64,p=64" + rest));
  for (const char* cost : {"m=1048577,t=1,p=1", "m=65536,t=65,p=1", "m=65536,t=1,p=65", "m=999999999,t=1,p=1",
                           "m=4294967296,t=1,p=1", "m=15,t=1,p=2"}) {
    CAPTURE(cost);
    CHECK(refusal("$argon2id$v=19$" + std::string(cost) + rest) == Errc::bad_value);
  }
}
