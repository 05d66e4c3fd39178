#include "hawser/wire/writer.h"

#include <doctest/doctest.h>

#include <array>
#include <utility>

#include "support/hex.h"

using namespace hawser;
using namespace hawser::test::literals;
using hawser::wire::Writer;

TEST_CASE("writer: each data type is written big-endian and in order (RFC 4251 §5)") {
  std::array<std::uint8_t, 64> room{};
  Writer writer(room);
  writer.byte(0x2a);
  writer.boolean(false);
  writer.boolean(true);
  writer.uint32(699921578);
  writer.uint64(0x0102030405060708);
  writer.string("testing");
  writer.raw("aabb"_hex);
  REQUIRE(writer.ok());
  CHECK(equal(writer.written(), "2a 00 01 29b7f4aa 0102030405060708 00000007 74657374696e67 aabb"_hex));
  CHECK(writer.size() == writer.written().size());
}

TEST_CASE("writer: exactly full is not an error") {
  std::array<std::uint8_t, 4> room{};
  Writer writer(room);
  writer.uint32(1);
  writer.raw({});
  CHECK(writer.ok());
}

TEST_CASE("writer: a field that does not fit is not written, nor anything after it") {
  const std::pair<std::size_t, void (*)(Writer&)> rows[] = {
      {0, [](Writer& w) { w.byte(1); }},         {0, [](Writer& w) { w.boolean(true); }},
      {3, [](Writer& w) { w.uint32(1); }},       {7, [](Writer& w) { w.uint64(1); }},
      {3, [](Writer& w) { w.string("a"); }},     {4, [](Writer& w) { w.string("a"); }},
      {1, [](Writer& w) { w.raw("0102"_hex); }},
  };
  for (const auto& [size, write] : rows) {
    CAPTURE(size);
    // In a block of exactly this size, so that AddressSanitizer sees a write past it.
    ByteVector room(size, 0xee);
    Writer writer(room);
    write(writer);
    CHECK_FALSE(writer.ok());
    const std::size_t written = writer.size();
    writer.raw({});
    writer.byte(7);
    CHECK_FALSE(writer.ok());
    CHECK(writer.size() == written);
  }
}

TEST_CASE("writer: appending to a vector keeps what was there") {
  ByteVector out{0xaa};
  wire::append_uint32(out, 0x01020304);
  wire::append_uint64(out, 0x0506070809101112);
  wire::append_string(out, "hi");
  wire::append_string(out, Bytes());
  wire::append_mpint(out, "0080"_hex);
  CHECK(equal(out, "aa 01020304 0506070809101112 00000002 6869 00000000 00000002 0080"_hex));
}

TEST_CASE("writer: an unsigned number becomes an mpint in its shortest form (RFC 4251 §5)") {
  const std::pair<const char*, const char*> rows[] = {
      {"", "00000000"},           {"00", "00000000"},      {"0000", "00000000"},
      {"80", "00000002 0080"},    {"7f", "00000001 7f"},   {"0000000080", "00000002 0080"},
      {"00 01", "00000001 01"},   {"ff", "00000002 00ff"}, {"09a378f9b2e332a7", "00000008 09a378f9b2e332a7"},
      {"01 00", "00000002 0100"},
  };
  for (const auto& [number, encoded] : rows) {
    CAPTURE(number);
    ByteVector out;
    wire::append_mpint(out, test::from_hex(number));
    CHECK(equal(out, test::from_hex(encoded)));
  }
}

TEST_CASE("writer: load and store are each other's inverse at the borders") {
  for (const std::uint32_t value : {0u, 1u, 0x7fffffffu, 0x80000000u, 0xffffffffu, 0x01020304u}) {
    std::array<std::uint8_t, 4> bytes{};
    wire::store_uint32(bytes.data(), value);
    CHECK(wire::load_uint32(bytes.data()) == value);
  }
  std::array<std::uint8_t, 8> bytes{};
  wire::store_uint64(bytes.data(), 0xfffefdfcfbfaf9f8);
  CHECK(equal(bytes, "fffefdfcfbfaf9f8"_hex));
}
