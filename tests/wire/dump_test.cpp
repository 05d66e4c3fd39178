#include "hawser/wire/dump.h"

#include <doctest/doctest.h>

#include "support/hex.h"

using namespace hawser;
using namespace hawser::test::literals;

namespace {

struct Part {
  std::uint32_t id = 0;
  static constexpr auto fields = std::tuple{wire::field("id", &Part::id)};
};

struct Report {
  static constexpr std::uint8_t number = 200;
  static constexpr const char* name = "REPORT";
  std::uint8_t octet = 0;
  bool flag = false;
  std::uint64_t large = 0;
  Bytes blob;
  std::string_view text;
  wire::NameList names;
  wire::Mpint big;
  wire::Rest rest;
  std::array<std::uint8_t, 2> cookie{};
  Part part;
  static constexpr auto fields = std::tuple{
      wire::field("octet", &Report::octet), wire::field("flag", &Report::flag), wire::field("large", &Report::large),
      wire::field("blob", &Report::blob),   wire::field("text", &Report::text), wire::field("names", &Report::names),
      wire::field("big", &Report::big),     wire::field("rest", &Report::rest), wire::field("cookie", &Report::cookie),
      wire::field("part", &Report::part)};
};

struct NoFields {
  static constexpr std::uint8_t number = 202;
  static constexpr const char* name = "NO_FIELDS";
  static constexpr auto fields = std::tuple<>{};
};

}  // namespace

TEST_CASE("dump: names each field and shows its value") {
  const ByteVector blob = "beef"_hex;
  Report report;
  report.octet = 7;
  report.flag = true;
  report.large = 0xffffffffffffffff;
  report.blob = blob;
  report.text = "hi";
  report.names = wire::NameList("a,b");
  report.big.bytes = blob;
  report.cookie = {0xc0, 0x0c};
  report.part.id = 5;
  CHECK(
      wire::dump(report) ==
      "REPORT{octet=7, flag=true, large=18446744073709551615, blob=[2] beef, text=\"hi\", names=\"a,b\", big=[2] beef, "
      "rest=[0], cookie=[2] c00c, part={id=5}}");
  CHECK(wire::dump(NoFields{}) == "NO_FIELDS{}");
  CHECK(wire::dump(Part{9}) == "{id=9}");
}

TEST_CASE(
    "[CVE-2016-7406, CVE-2019-6109] dump: peer text cannot break the line, drive the terminal or end its own quotes") {
  CHECK(wire::escaped("plain text~") == "plain text~");
  CHECK(wire::escaped("a\nb\r\t") == "a\\x0ab\\x0d\\x09");
  CHECK(wire::escaped("\x1b[2J") == "\\x1b[2J");
  CHECK(wire::escaped(std::string_view("\0", 1)) == "\\x00");
  CHECK(wire::escaped("\x7f") == "\\x7f");
  CHECK(wire::escaped("caf\xc3\xa9") == "caf\\xc3\\xa9");
  CHECK(wire::escaped("back\\slash") == "back\\x5cslash");
  CHECK(wire::escaped("\", flag=true") == "\\x22, flag=true");
}

TEST_CASE("dump: long fields are cut, and the cut shows") {
  CHECK(wire::escaped("abcdef", 6) == "abcdef");
  CHECK(wire::escaped("abcdefg", 6) == "abcdef…");
  CHECK(wire::hex("010203"_hex, 3) == "010203");
  CHECK(wire::hex("01020304"_hex, 3) == "010203…");
  Report report;
  const std::string text(100000, 'x');
  const ByteVector blob(100000, 1);
  report.text = text;
  report.blob = blob;
  CHECK(wire::dump(report).size() < 1000);
  CHECK(wire::dump(report).find("blob=[100000] 01") != std::string::npos);
}
