#include "hawser/wire/reader.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "hawser/wire/writer.h"
#include "support/hex.h"

using namespace hawser;
using namespace hawser::test::literals;
using hawser::wire::Reader;

TEST_CASE("reader: each data type is read big-endian and in order (RFC 4251 §5)") {
  const ByteVector input = "2a 00 01 29b7f4aa 0102030405060708 00000007 74657374696e67 aabb cc"_hex;
  Reader reader(input);
  CHECK(reader.byte() == 0x2a);
  CHECK_FALSE(reader.boolean());
  CHECK(reader.boolean());
  CHECK(reader.uint32() == 699921578);  // the example of RFC 4251 §5
  CHECK(reader.uint64() == 0x0102030405060708);
  CHECK(reader.text() == "testing");
  CHECK(equal(reader.raw(2), "aabb"_hex));
  CHECK(reader.remaining() == 1);
  CHECK(reader.position() == input.size() - 1);
  CHECK(equal(reader.rest(), "cc"_hex));
  CHECK(reader.finish().has_value());
}

TEST_CASE("reader: any byte but 0 is true (RFC 4251 §5)") {
  for (unsigned value = 0; value != 256; ++value) {
    const ByteVector input{static_cast<std::uint8_t>(value)};
    CHECK(Reader(input).boolean() == (value != 0));
  }
}

TEST_CASE("reader: views point into the input, nothing is copied") {
  const ByteVector input = "00000002 6869"_hex;
  Reader reader(input);
  CHECK(reader.string().data() == input.data() + 4);
}

TEST_CASE("reader: an empty string and an empty rest are not errors") {
  const ByteVector input = "00000000"_hex;
  Reader reader(input);
  CHECK(reader.string().empty());
  CHECK(reader.rest().empty());
  CHECK(reader.finish().has_value());
}

TEST_CASE("reader: a field that the input ends inside of is truncated") {
  struct Row {
    const char* what;
    ByteVector input;
    void (*read)(Reader&);
  };
  const Row rows[] = {
      {"byte", ""_hex, [](Reader& r) { r.byte(); }},
      {"boolean", ""_hex, [](Reader& r) { r.boolean(); }},
      {"uint32", "000102"_hex, [](Reader& r) { r.uint32(); }},
      {"uint64", "00010203040506"_hex, [](Reader& r) { r.uint64(); }},
      {"string without a whole length", "000000"_hex, [](Reader& r) { r.string(); }},
      {"string one byte short", "00000003 6162"_hex, [](Reader& r) { r.string(); }},
      {"string of the largest length", "ffffffff 61"_hex, [](Reader& r) { r.string(); }},
      {"name-list", "00000003 6162"_hex, [](Reader& r) { r.name_list(); }},
      {"mpint", "00000003 6162"_hex, [](Reader& r) { r.mpint(); }},
      {"raw", "0102"_hex, [](Reader& r) { r.raw(3); }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Reader reader(row.input);
    reader.field("this field");
    row.read(reader);
    REQUIRE_FALSE(reader.ok());
    CHECK(reader.status().error().code() == Errc::truncated);
    CHECK(std::string_view(reader.finish().error().where()) == "this field");
  }
}

TEST_CASE("reader: after an error every read gives zero or nothing, and the first error stays") {
  const ByteVector input = "00000009 6162"_hex;
  Reader reader(input);
  reader.field("first");
  CHECK(reader.string().empty());
  reader.field("second");
  CHECK(reader.byte() == 0);
  CHECK_FALSE(reader.boolean());
  CHECK(reader.uint32() == 0);
  CHECK(reader.uint64() == 0);
  CHECK(reader.string().empty());
  CHECK(reader.text().empty());
  CHECK(reader.name_list().empty());
  CHECK(reader.mpint().bytes.empty());
  CHECK(reader.raw(1).empty());
  CHECK(reader.rest().empty());
  reader.fail(Errc::bad_value);
  const Result<void> result = reader.finish();
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == Errc::truncated);
  CHECK(std::string_view(result.error().where()) == "first");
}

TEST_CASE("reader: bytes behind the last field are trailing bytes, of which only finish complains") {
  const ByteVector input = "01 02"_hex;
  Reader reader(input);
  reader.byte();
  CHECK(reader.status().has_value());
  REQUIRE_FALSE(reader.finish());
  CHECK(reader.finish().error().code() == Errc::trailing_bytes);
}

TEST_CASE("reader: the mpint examples of RFC 4251 §5 are read") {
  const std::pair<const char*, const char*> rows[] = {
      {"00000000", ""},
      {"00000008 09a378f9b2e332a7", "09a378f9b2e332a7"},
      {"00000002 0080", "0080"},
      {"00000002 edcc", "edcc"},
      {"00000005 ff21524111", "ff21524111"},
  };
  for (const auto& [encoded, content] : rows) {
    CAPTURE(encoded);
    const ByteVector input = test::from_hex(encoded);
    Reader reader(input);
    CHECK(equal(reader.mpint().bytes, test::from_hex(content)));
    CHECK(reader.finish().has_value());
  }
}

TEST_CASE("reader: an mpint that is not in its shortest form is rejected (RFC 4251 §5)") {
  for (const char* encoded :
       {"00000001 00", "00000002 0000", "00000002 007f", "00000003 000001", "00000002 ff80", "00000002 ffff"}) {
    CAPTURE(encoded);
    const ByteVector input = test::from_hex(encoded);
    Reader reader(input);
    CHECK(reader.mpint().bytes.empty());
    REQUIRE_FALSE(reader.ok());
    CHECK(reader.status().error().code() == Errc::bad_value);
  }
}

TEST_CASE("reader: an mpint in its shortest form at the border of the sign bit is accepted (RFC 4251 §5)") {
  for (const char* encoded :
       {"00000001 01", "00000001 7f", "00000001 80", "00000001 ff", "00000002 0080", "00000002 ff7f"}) {
    CAPTURE(encoded);
    const ByteVector input = test::from_hex(encoded);
    Reader reader(input);
    CHECK_FALSE(reader.mpint().bytes.empty());
    CHECK(reader.finish().has_value());
  }
}

TEST_CASE("reader: a name-list holds printable US-ASCII names of 1 to 64 characters (RFC 4251 §5, §6)") {
  const std::string longest(64, 'n');
  const std::pair<std::string, bool> rows[] = {
      {"", true},
      {"zlib", true},
      {"zlib,none", true},
      {"a,b,c", true},
      {"chacha20-poly1305@openssh.com", true},
      {"!~", true},
      {longest, true},
      {"a," + longest + ",b", true},
      {",", false},
      {",a", false},
      {"a,", false},
      {"a,,b", false},
      {"a b", false},
      {"a\tb", false},
      {"a\n", false},
      {std::string("a\0b", 3), false},
      {"a\x7f", false},
      {"caf\xc3\xa9", false},
      {"\xff", false},
      {longest + "n", false},
      {"a," + longest + "n", false},
  };
  for (const auto& [list, valid] : rows) {
    CAPTURE(list);
    ByteVector input;
    wire::append_string(input, list);
    Reader reader(input);
    reader.field("names");
    const wire::NameList names = reader.name_list();
    CHECK(reader.ok() == valid);
    if (valid) {
      CHECK(names.text() == list);
    } else {
      CHECK(names.empty());
      CHECK(reader.status().error().code() == Errc::bad_value);
    }
  }
}
