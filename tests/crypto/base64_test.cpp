#include <doctest/doctest.h>

#include "hawser/crypto/hash.h"

using namespace hawser;
using namespace hawser::crypto;

TEST_CASE("base64: the examples of RFC 4648 §10 go both ways") {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, encoded] : rows) {
    CHECK(base64_encode(as_bytes(plain)) == encoded);
    const Result<ByteVector> decoded = base64_decode(encoded);
    REQUIRE(decoded);
    CHECK(as_text(*decoded) == plain);
  }
}

TEST_CASE(
    "base64: one value has one text: missing padding, stray bits, blanks and other alphabets are rejected (RFC 4648 "
    "§3)") {
  for (const std::string_view text :
       {"Zg", "Zg=", "Zh==", "Zm8", "Zm9=", "Zm9v ", " Zm9v", "Zm\n9v", "Zm9v====", "Z", "Zm9-", "Zm9_", "Zg==Zg=="}) {
    const Result<ByteVector> decoded = base64_decode(text);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().code() == Errc::bad_value);
  }
}
