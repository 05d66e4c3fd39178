#include "hawser/crypto/packet_cipher.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "packet_suites.h"
#include "support/counting_allocator.h"
#include "support/flip.h"
#include "support/hex.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

// Sizes of packets before the tag: all the small ones a suite can have, and some around Botan's steps.
std::vector<std::size_t> packet_sizes(const PacketShape& shape) {
  const std::size_t unpadded = shape.length_is_padded ? 0 : 4;
  std::vector<std::size_t> sizes;
  for (std::size_t size = 16; size <= 64; size += shape.block_size) sizes.push_back(unpadded + size);
  for (const std::size_t size :
       {std::size_t{512}, std::size_t{1040}, std::size_t{32768}, std::size_t{35008}, std::size_t{262144}}) {
    sizes.push_back(unpadded + size);
  }
  return sizes;
}

bool is_wiped(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

TEST_CASE("packet ciphers: what is sealed opens again, packet after packet, in every suite and size") {
  for (const Suite& suite : all_suites()) {
    CAPTURE(suite.name());
    const auto sealer = fixed_sealer(suite);
    const auto opener = fixed_opener(suite);
    std::uint32_t sequence_number = 0xfffffffc;  // it wraps around (RFC 4253 §6.4)
    for (const std::size_t size : packet_sizes(sealer->shape())) {
      CAPTURE(size);
      ByteVector packet = packet_of(size, sealer->shape().tag_size);
      const ByteVector plain = to_vector(Bytes(packet).first(size).subspan(4));
      REQUIRE(sealer->seal(sequence_number, packet));
      CHECK_FALSE(equal(Bytes(packet).subspan(4, size - 4), plain));
      const auto opened = open_whole(*opener, sequence_number, packet);
      REQUIRE(opened);
      CHECK(*opened == plain);
      ++sequence_number;
    }
  }
}

TEST_CASE("packet ciphers: equal packets do not seal to equal bytes") {
  for (const Suite& suite : all_suites()) {
    CAPTURE(suite.name());
    const auto sealer = fixed_sealer(suite);
    ByteVector first = suite_packet(suite, 64), second = first;
    REQUIRE(sealer->seal(0, first));
    REQUIRE(sealer->seal(1, second));
    CHECK_FALSE(equal(Bytes(first).subspan(4, 60), Bytes(second).subspan(4, 60)));
  }
}

TEST_CASE(
    "packet ciphers: the length field travels in the clear, encrypted, or under a key of its own, as its row says") {
  for (const Suite& suite : all_suites()) {
    CAPTURE(suite.name());
    const auto sealer = fixed_sealer(suite);
    ByteVector packet = suite_packet(suite, 64);
    REQUIRE(sealer->seal(0, packet));
    const bool clear = suite.cipher->length_field == LengthField::authenticated ||
                       (suite.mac != nullptr && suite.mac->encrypt_then_mac);
    const auto announced = static_cast<std::uint32_t>(suite.packet_size(64) - 4);
    CHECK((wire::load_uint32(packet.data()) == announced) == clear);
    const auto length = fixed_opener(suite)->open_length(0, packet);
    REQUIRE(length);
    CHECK(*length == announced);
  }
}

TEST_CASE("packet ciphers: a packet with any one bit wrong does not open, wherever the bit is") {
  for (const Suite& suite : all_suites()) {
    CAPTURE(suite.name());
    const auto sealer = fixed_sealer(suite);
    ByteVector packet = suite_packet(suite, 32);
    REQUIRE(sealer->seal(3, packet));
    REQUIRE(open_whole(*fixed_opener(suite), 3, packet));
    for_each_bit_flip(packet, [&](Bytes damaged, std::size_t bit) {
      CAPTURE(bit);
      const auto opened = open_whole(*fixed_opener(suite), 3, to_vector(damaged));
      REQUIRE_FALSE(opened);
      CHECK(opened.error().code() == Errc::bad_mac);
    });
  }
}

TEST_CASE("packet ciphers: nothing is released from a packet whose tag is wrong") {
  for (const Suite& suite : all_suites()) {
    CAPTURE(suite.name());
    const auto sealer = fixed_sealer(suite);
    ByteVector packet = suite_packet(suite, 1024);
    REQUIRE(sealer->seal(0, packet));
    packet.back() ^= 1;
    ByteVector received = packet;
    const auto opener = fixed_opener(suite);
    REQUIRE(opener->open_length(0, received));
    const auto opened = opener->open(0, received);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code() == Errc::bad_mac);
    // Either it was never decrypted, or it is gone.
    CHECK((received == packet || is_wiped(received)));
  }
}

TEST_CASE("packet ciphers: a packet opens under its own sequence number only (RFC 4253 §6.4)") {
  for (const Suite& suite : all_suites()) {
    if (suite.cipher->family == CipherFamily::aes_gcm) continue;  // counts by itself, RFC 5647 §7.1
    CAPTURE(suite.name());
    const auto sealer = fixed_sealer(suite);
    ByteVector packet = suite_packet(suite, 64);
    REQUIRE(sealer->seal(5, packet));
    for (const std::uint32_t other : {0u, 4u, 6u, 0x80000005u, 0x01000005u}) {
      const auto opened = open_whole(*fixed_opener(suite), other, packet);
      REQUIRE_FALSE(opened);
      CHECK(opened.error().code() == Errc::bad_mac);
    }
    CHECK(open_whole(*fixed_opener(suite), 5, packet));
  }
}

TEST_CASE("packet ciphers: a packet that is replayed, dropped or swapped does not open") {
  for (const Suite& suite : all_suites()) {
    CAPTURE(suite.name());
    const auto sealer = fixed_sealer(suite);
    ByteVector first = suite_packet(suite, 64), second = suite_packet(suite, 64);
    REQUIRE(sealer->seal(0, first));
    REQUIRE(sealer->seal(1, second));

    const auto replayed = fixed_opener(suite);
    REQUIRE(open_whole(*replayed, 0, first));
    const auto again = open_whole(*replayed, 1, first);
    REQUIRE_FALSE(again);
    CHECK(again.error().code() == Errc::bad_mac);

    const auto dropped = open_whole(*fixed_opener(suite), 0, second);
    REQUIRE_FALSE(dropped);
    CHECK(dropped.error().code() == Errc::bad_mac);
  }
}

TEST_CASE("packet ciphers: keys of another direction do not open a packet") {
  for (const Suite& suite : all_suites()) {
    CAPTURE(suite.name());
    const auto sealer = fixed_sealer(suite);
    ByteVector packet = suite_packet(suite, 64);
    REQUIRE(sealer->seal(0, packet));
    const auto other = make_opener(*suite.cipher, suite.mac, fixed_keys(suite, 2));
    REQUIRE(other);
    const auto opened = open_whole(**other, 0, packet);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code() == Errc::bad_mac);
  }
}

TEST_CASE(
    "[CVE-2026-55200, CVE-2026-66035] packet ciphers: packets too short for length field, first block and tag are "
    "refused") {
  for (const Suite& suite : all_suites()) {
    CAPTURE(suite.name());
    const auto sealer = fixed_sealer(suite);
    const auto opener = fixed_opener(suite);
    const std::size_t smallest = opener->shape().length_prefix + opener->shape().tag_size;
    for (std::size_t size = 0; size < smallest; ++size) {
      ByteVector packet(size);
      const auto opened = opener->open(0, packet);
      REQUIRE_FALSE(opened);
      CHECK(opened.error().code() == Errc::bad_packet_length);
    }
    for (std::size_t size = 0; size < 4 + sealer->shape().tag_size; ++size) {
      ByteVector packet(size);
      const auto sealed = sealer->seal(0, packet);
      REQUIRE_FALSE(sealed);
      CHECK(sealed.error().code() == Errc::bad_packet_length);
    }
    for (std::size_t size = 0; size < opener->shape().length_prefix; ++size) {
      ByteVector prefix(size);
      const auto length = opener->open_length(0, prefix);
      REQUIRE_FALSE(length);
      CHECK(length.error().code() == Errc::bad_packet_length);
    }
  }
}

TEST_CASE("packet ciphers: a packet cut short or grown does not open") {
  for (const Suite& suite : all_suites()) {
    CAPTURE(suite.name());
    const auto sealer = fixed_sealer(suite);
    ByteVector packet = suite_packet(suite, 64);
    REQUIRE(sealer->seal(0, packet));
    const std::size_t smallest = sealer->shape().length_prefix + sealer->shape().tag_size;
    for (std::size_t size = smallest; size < packet.size(); ++size) {
      const auto opened = open_whole(*fixed_opener(suite), 0, to_vector(Bytes(packet).first(size)));
      REQUIRE_FALSE(opened);
      // CBC decrypts whole blocks only.
      const bool odd =
          sealer->shape().hides_bad_length && (size - sealer->shape().tag_size) % suite.cipher->block_size != 0;
      CHECK(opened.error().code() == (odd ? Errc::bad_packet_length : Errc::bad_mac));
    }
    packet.push_back(0);
    CHECK_FALSE(open_whole(*fixed_opener(suite), 0, packet));
  }
}

TEST_CASE("packet ciphers: a packet of the steady state takes no memory from the heap") {
  for (const Suite& suite : all_suites()) {
    CAPTURE(suite.name());
    const auto sealer = fixed_sealer(suite);
    const auto opener = fixed_opener(suite);
    // Botan takes some of its memory with the first packet.
    ByteVector first = suite_packet(suite, 32);
    REQUIRE(sealer->seal(0, first));
    REQUIRE(open_whole(*opener, 0, first));
    for (const std::size_t size : packet_sizes(sealer->shape())) {
      CAPTURE(size);
      ByteVector packet = packet_of(size, sealer->shape().tag_size);
      const AllocationCounter allocations;
      const bool sealed = sealer->seal(0, packet).has_value();
      const bool opened = opener->open_length(0, packet).has_value() && opener->open(0, packet).has_value();
      const std::size_t count = allocations.count();
      CHECK(sealed);
      CHECK(opened);
      CHECK(count == 0);
    }
  }
}

TEST_CASE("packet ciphers: shapes follow from the rows (RFC 4253 §6, RFC 5647 §7.2, OpenSSH PROTOCOL §1.5)") {
  for (const Suite& suite : all_suites()) {
    CAPTURE(suite.name());
    const auto sealer = fixed_sealer(suite);
    const auto opener = fixed_opener(suite);
    for (const PacketShape& shape : {sealer->shape(), opener->shape()}) {
      CHECK(shape.block_size == suite.cipher->block_size);
      CHECK(shape.tag_size == (suite.mac == nullptr ? suite.cipher->tag_size : suite.mac->tag_size));
      CHECK(shape.length_is_padded == suite.length_is_encrypted());
      CHECK(shape.length_prefix == (suite.length_is_encrypted() ? suite.cipher->block_size : 4));
      const bool cbc = suite.cipher->name.ends_with("-cbc");
      CHECK(shape.hides_bad_length == (cbc && suite.length_is_encrypted()));
    }
  }
}

TEST_CASE("packet ciphers: keys of the wrong size and a missing MAC are refused") {
  for (const Suite& suite : all_suites()) {
    CAPTURE(suite.name());
    const auto refused = [&](const MacRow* mac, const DirectionKeys& keys) {
      const auto sealer = make_sealer(*suite.cipher, mac, keys);
      const auto opener = make_opener(*suite.cipher, mac, keys);
      return !sealer && sealer.error().code() == Errc::crypto_failure && !opener &&
             opener.error().code() == Errc::crypto_failure;
    };
    DirectionKeys keys = fixed_keys(suite);
    CHECK_FALSE(refused(suite.mac, keys));
    keys.key = SecretBytes(suite.cipher->key_size - 1);
    CHECK(refused(suite.mac, keys));
    keys = fixed_keys(suite);
    keys.iv = SecretBytes(suite.cipher->iv_size + 1);
    CHECK(refused(suite.mac, keys));
    if (suite.mac == nullptr) continue;
    keys = fixed_keys(suite);
    CHECK(refused(nullptr, keys));
    keys.mac_key = SecretBytes(suite.mac->key_size + 1);
    CHECK(refused(suite.mac, keys));
  }
}

TEST_CASE("plain packets: before the first NEWKEYS nothing is changed or added (RFC 4253 §6)") {
  const auto sealer = plain_sealer();
  const auto opener = plain_opener();
  CHECK(sealer->shape().tag_size == 0);
  CHECK(sealer->shape().block_size == 8);
  CHECK(opener->shape().length_is_padded);
  CHECK(opener->shape().length_prefix == 4);
  ByteVector packet = packet_of(32, 0);
  const ByteVector before = packet;
  CHECK(sealer->seal(0, packet));
  CHECK(packet == before);
  CHECK(*opener->open_length(0, packet) == 28);
  CHECK(opener->open(0, packet));
  CHECK(packet == before);
  CHECK(opener->open_length(0, MutableBytes(packet).first(3)).error().code() == Errc::bad_packet_length);
}
