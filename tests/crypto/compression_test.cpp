#include "hawser/crypto/compression.h"

#include <doctest/doctest.h>

#include "support/hex.h"

using namespace hawser;
using namespace hawser::crypto;
using hawser::test::operator""_hex;

namespace {

constexpr std::size_t limit = 256 * 1024;

std::string text_of(Decompressor& decompressor, Bytes packet) {
  const Result<Bytes> text = decompressor.decompress(packet, limit);
  REQUIRE(text);
  return std::string(as_text(*text));
}

}  // namespace

TEST_CASE("compression: packets of zlib's own compressor, with partial and with full flushes (RFC 4253 §6.2)") {
  // Python 3.11, zlib.compressobj(6), one flush for each packet: Z_PARTIAL_FLUSH twice, then Z_SYNC_FLUSH.
  Decompressor decompressor;
  CHECK(text_of(decompressor, "789c0a0ef688f70d768f77f670f4f373f58977710c715408265a1020"_hex) ==
        "SSH_MSG_CHANNEL_DATA SSH_MSG_CHANNEL_DATA SSH_MSG_CHANNEL_DATA ");
  CHECK(text_of(decompressor, "80b00a26a62766e60104"_hex) == "SSH_MSG_CHANNEL_DATA again");
  CHECK(text_of(decompressor, "50051c00000000ffff"_hex) == "xxxxxxxxxx");
}

TEST_CASE("compression: one stream over all packets, whatever their size") {
  Compressor compressor;
  Decompressor decompressor;
  std::size_t first = 0;
  for (int round = 0; round != 3; ++round) {
    for (const std::size_t size : {1u, 2u, 100u, 1024u, 4096u, 32768u, 262144u, 5u}) {
      CAPTURE(size);
      ByteVector payload(size);
      for (std::size_t i = 0; i != size; ++i) payload[i] = static_cast<std::uint8_t>(i * i * 31 + size);
      const Result<Bytes> packet = compressor.compress(payload);
      REQUIRE(packet);
      if (size == 4096 && round == 0) first = packet->size();
      if (size == 1024 && round == 1) CHECK(packet->size() < first);
      const Result<Bytes> text = decompressor.decompress(*packet, limit);
      REQUIRE(text);
      CHECK(equal(*text, payload));
    }
  }
}

TEST_CASE("compression: what cannot be compressed grows by some bytes only") {
  Compressor compressor;
  ByteVector noise(limit);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  const Result<Bytes> packet = compressor.compress(noise);
  REQUIRE(packet);
  CHECK(packet->size() < limit + 256);
}

TEST_CASE("[CVE-2026-106585] compression: a packet is at most as large decompressed as the limit says") {
  for (const std::size_t size : {limit, limit + 1, 64 * limit}) {
    CAPTURE(size);
    Compressor compressor;
    Decompressor decompressor;
    const ByteVector zeros(size);
    const Result<Bytes> packet = compressor.compress(zeros);
    REQUIRE(packet);
    CHECK(packet->size() < size / 500);
    const Result<Bytes> text = decompressor.decompress(*packet, limit);
    CHECK(text.has_value() == (size == limit));
    if (!text) CHECK(text.error().code() == Errc::packet_too_large);
  }
}

TEST_CASE("compression: what is no zlib stream, and a stream that ends, is an error") {
  const auto error_of = [](Bytes packet) {
    const Result<Bytes> text = Decompressor().decompress(packet, limit);
    return text ? Errc::ok : text.error().code();
  };
  CHECK(error_of("5e"_hex) == Errc::ok);                         // half a header: nothing yet
  CHECK(error_of("0102030405"_hex) == Errc::bad_compression);    // no zlib
  CHECK(error_of("78bb00000001"_hex) == Errc::bad_compression);  // wants a dictionary
  CHECK(error_of("789c06"_hex) == Errc::bad_compression);        // a block type that does not exist
  const ByteVector ended = "789c4bcd4b010002720138"_hex;         // Python 3.11, zlib.compress(b"end")
  CHECK(error_of(ended) == Errc::bad_compression);
  // The same in two packets: the end is seen when it comes, not before.
  Decompressor decompressor;
  CHECK(decompressor.decompress(Bytes(ended).first(5), limit));
  const Result<Bytes> rest = decompressor.decompress(Bytes(ended).subspan(5), limit);
  REQUIRE_FALSE(rest);
  CHECK(rest.error().code() == Errc::bad_compression);
}
