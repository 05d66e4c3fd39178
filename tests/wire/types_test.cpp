#include "hawser/wire/types.h"

#include <doctest/doctest.h>

#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "support/counting_allocator.h"
#include "support/hex.h"

using namespace hawser;
using namespace hawser::test::literals;
using hawser::wire::Mpint;
using hawser::wire::NameList;

static_assert(std::input_iterator<NameList::Iterator>);
static_assert(std::ranges::input_range<NameList>);

TEST_CASE("name-list: iterates over the names in order (RFC 4251 §5)") {
  const std::pair<const char*, std::vector<std::string>> rows[] = {
      {"", {}},
      {"zlib", {"zlib"}},
      {"zlib,none", {"zlib", "none"}},
      {"a,b,c", {"a", "b", "c"}},
  };
  for (const auto& [text, names] : rows) {
    CAPTURE(text);
    CHECK(NameList(text).names() == names);
    CHECK(NameList(text).empty() == names.empty());
  }
}

TEST_CASE("name-list: text that no peer's check has seen still iterates to its end") {
  CHECK(NameList(",").names() == std::vector<std::string>{"", ""});
  CHECK(NameList("a,").names() == std::vector<std::string>{"a", ""});
  CHECK(NameList(",a").names() == std::vector<std::string>{"", "a"});
}

TEST_CASE("name-list: contains a name only as a whole") {
  const NameList list("aes128-ctr,aes256-ctr");
  CHECK(list.contains("aes128-ctr"));
  CHECK(list.contains("aes256-ctr"));
  CHECK_FALSE(list.contains("aes128"));
  CHECK_FALSE(list.contains("ctr"));
  CHECK_FALSE(list.contains(""));
  CHECK_FALSE(list.contains("aes128-ctr,aes256-ctr"));
  CHECK_FALSE(NameList().contains(""));
}

TEST_CASE("name-list: iterating allocates nothing") {
  const NameList list("curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha256");
  const test::AllocationCounter allocations;
  std::size_t length = 0;
  for (const std::string_view name : list) length += name.size();
  CHECK(list.contains("ecdh-sha2-nistp256"));
  const std::size_t taken = allocations.count();
  CHECK(taken == 0);
  CHECK(length == list.text().size() - 2);
}

TEST_CASE("name-list: compares by its text") {
  CHECK(NameList("a,b") == NameList(std::string("a") + ",b"));
  CHECK_FALSE(NameList("a,b") == NameList("b,a"));
}

TEST_CASE("name-list: joining names and iterating are each other's inverse") {
  const std::vector<std::string> names{"one", "two", "three"};
  CHECK(wire::join(names) == "one,two,three");
  CHECK(NameList(wire::join(names)).names() == names);
  CHECK(wire::join(std::vector<std::string_view>{"only"}) == "only");
  CHECK(wire::join(std::vector<std::string>{}).empty());
}

TEST_CASE("mpint: the first bit is the sign (RFC 4251 §5)") {
  const ByteVector positive = "7f"_hex;
  const ByteVector padded = "0080"_hex;
  const ByteVector negative = "80"_hex;
  CHECK_FALSE(Mpint{}.negative());
  CHECK_FALSE(Mpint{positive}.negative());
  CHECK_FALSE(Mpint{padded}.negative());
  CHECK(Mpint{negative}.negative());
}

TEST_CASE("mpint: the digits of a number are those of its shortest form, and no other form has any (RFC 4251 §5)") {
  const struct {
    ByteVector content;
    std::optional<ByteVector> digits;
  } rows[] = {
      {{}, ByteVector{}},
      {{1}, ByteVector{1}},
      {{0x7f, 0}, ByteVector{0x7f, 0}},
      {{0, 0x80}, ByteVector{0x80}},
      {{0}, std::nullopt},
      {{0, 0x7f}, std::nullopt},
      {{0, 0, 0x80}, std::nullopt},
      {{0x80}, std::nullopt},
      {{0xff, 1}, std::nullopt},
  };
  for (const auto& row : rows) {
    const std::optional<Bytes> digits = wire::Mpint{row.content}.digits();
    REQUIRE(digits.has_value() == row.digits.has_value());
    if (digits) CHECK(to_vector(*digits) == *row.digits);
  }
}

TEST_CASE("bytes: equal compares length and content") {
  CHECK(equal("0102"_hex, "0102"_hex));
  CHECK_FALSE(equal("0102"_hex, "0103"_hex));
  CHECK_FALSE(equal("0102"_hex, "01"_hex));
  CHECK(equal({}, {}));
  CHECK(to_string(as_bytes("text")) == "text");
  CHECK(as_text({}).empty());
}
