#include "hawser/wire/codec.h"

#include <doctest/doctest.h>

#include <array>

#include "support/counting_allocator.h"
#include "support/flip.h"
#include "support/hex.h"

using namespace hawser;
using namespace hawser::test::literals;

namespace {

// A part: no number of its own.
struct Pair {
  std::uint32_t left = 0;
  std::string_view right;
  static constexpr auto fields = std::tuple{wire::field("left", &Pair::left), wire::field("right", &Pair::right)};
};

// One field of each type.
struct Everything {
  static constexpr std::uint8_t number = 200;
  static constexpr const char* name = "EVERYTHING";
  std::uint8_t octet = 0;
  bool flag = false;
  std::uint32_t small = 0;
  std::uint64_t large = 0;
  Bytes blob;
  std::string_view text;
  wire::NameList names;
  wire::Mpint big;
  std::array<std::uint8_t, 4> cookie{};
  Pair pair;
  static constexpr auto fields =
      std::tuple{wire::field("octet", &Everything::octet),   wire::field("flag", &Everything::flag),
                 wire::field("small", &Everything::small),   wire::field("large", &Everything::large),
                 wire::field("blob", &Everything::blob),     wire::field("text", &Everything::text),
                 wire::field("names", &Everything::names),   wire::field("big", &Everything::big),
                 wire::field("cookie", &Everything::cookie), wire::field("pair", &Everything::pair)};
};

struct WithRest {
  static constexpr std::uint8_t number = 201;
  static constexpr const char* name = "WITH_REST";
  std::string_view kind;
  wire::Rest rest;
  static constexpr auto fields = std::tuple{wire::field("kind", &WithRest::kind), wire::field("rest", &WithRest::rest)};
};

struct Empty {
  static constexpr std::uint8_t number = 202;
  static constexpr const char* name = "EMPTY";
  static constexpr auto fields = std::tuple<>{};
};

const ByteVector encoded_everything =
    "c8 07 01 00000102 0000000000000304 00000002 beef 00000002 6869 00000003 612c62 00000002 0080 c00c1e00"
    "00000005 00000001 7a"_hex;

}  // namespace

TEST_CASE("codec: fields are written in the order of the list, behind the number") {
  const ByteVector blob = "beef"_hex;
  const ByteVector big = "0080"_hex;
  Everything message;
  message.octet = 7;
  message.flag = true;
  message.small = 0x102;
  message.large = 0x304;
  message.blob = blob;
  message.text = "hi";
  message.names = wire::NameList("a,b");
  message.big.bytes = big;
  message.cookie = {0xc0, 0x0c, 0x1e, 0x00};
  message.pair = {5, "z"};
  CHECK(wire::encoded_size(message) == encoded_everything.size());
  CHECK(test::to_hex(wire::encode(message)) == test::to_hex(encoded_everything));
}

TEST_CASE("codec: what was encoded is decoded to the same fields") {
  const Result<Everything> message = wire::decode<Everything>(encoded_everything);
  REQUIRE(message);
  CHECK(message->octet == 7);
  CHECK(message->flag);
  CHECK(message->small == 0x102);
  CHECK(message->large == 0x304);
  CHECK(equal(message->blob, "beef"_hex));
  CHECK(message->text == "hi");
  CHECK(message->names.text() == "a,b");
  CHECK(equal(message->big.bytes, "0080"_hex));
  CHECK(message->cookie == std::array<std::uint8_t, 4>{0xc0, 0x0c, 0x1e, 0x00});
  CHECK(message->pair.left == 5);
  CHECK(message->pair.right == "z");
  CHECK(equal(wire::encode(*message), encoded_everything));
}

TEST_CASE("codec: a message cut anywhere is truncated") {
  test::for_each_truncation(encoded_everything, [](Bytes damaged) {
    const Result<Everything> message = wire::decode<Everything>(damaged);
    REQUIRE_FALSE(message);
    CHECK(message.error().code() == Errc::truncated);
  });
}

TEST_CASE("codec: an error names the field it was found in") {
  const Result<Everything> cut = wire::decode<Everything>(Bytes(encoded_everything).first(8));
  REQUIRE_FALSE(cut);
  CHECK(std::string_view(cut.error().where()) == "large");
  const Result<Everything> empty = wire::decode<Everything>({});
  REQUIRE_FALSE(empty);
  CHECK(std::string_view(empty.error().where()) == "message number");
  // The part's own field, not the name of the part.
  const Result<Everything> part =
      wire::decode<Everything>(Bytes(encoded_everything).first(encoded_everything.size() - 1));
  REQUIRE_FALSE(part);
  CHECK(std::string_view(part.error().where()) == "right");
}

TEST_CASE("codec: a byte behind the last field is rejected") {
  ByteVector longer = encoded_everything;
  longer.push_back(0);
  const Result<Everything> message = wire::decode<Everything>(longer);
  REQUIRE_FALSE(message);
  CHECK(message.error().code() == Errc::trailing_bytes);
}

TEST_CASE("codec: another message's number is unexpected") {
  ByteVector other = encoded_everything;
  other[0] = 199;
  const Result<Everything> message = wire::decode<Everything>(other);
  REQUIRE_FALSE(message);
  CHECK(message.error().code() == Errc::unexpected_message);
}

TEST_CASE("codec: damaged bytes decode to something or to an error, and what decodes encodes to as many bytes") {
  test::for_each_byte_set(encoded_everything, [](Bytes damaged, std::size_t) {
    const Result<Everything> message = wire::decode<Everything>(damaged);
    if (message) CHECK(wire::encoded_size(*message) == damaged.size());
  });
}

TEST_CASE("codec: a rest takes what is left, also nothing") {
  const ByteVector long_form = "c9 00000001 61 0102"_hex;
  const Result<WithRest> some = wire::decode<WithRest>(long_form);
  REQUIRE(some);
  CHECK(some->rest.bytes.size() == 2);
  const ByteVector short_form = "c9 00000001 61"_hex;
  const Result<WithRest> none = wire::decode<WithRest>(short_form);
  REQUIRE(none);
  CHECK(none->rest.bytes.empty());
  CHECK(equal(wire::encode(*none), short_form));
}

TEST_CASE("codec: a message without fields is its number, a part without a number has none") {
  CHECK(equal(wire::encode(Empty{}), "ca"_hex));
  CHECK(wire::decode<Empty>("ca"_hex).has_value());
  CHECK(wire::decode<Empty>("ca00"_hex).error().code() == Errc::trailing_bytes);
  CHECK(equal(wire::encode(Pair{1, "x"}), "00000001 00000001 78"_hex));
}

TEST_CASE("codec: encoding into room and decoding allocate nothing") {
  std::array<std::uint8_t, 128> room{};
  const test::AllocationCounter allocations;
  const Result<Everything> message = wire::decode<Everything>(encoded_everything);
  const Bytes written = wire::encode(*message, room);
  const std::size_t taken = allocations.count();
  CHECK(taken == 0);
  CHECK(equal(written, encoded_everything));
}
