// Binary packets in and out (RFC 4253 §6), for each way in which a length can travel.
#include <doctest/doctest.h>

#include "hawser/wire/limits.h"
#include "support/counting_allocator.h"
#include "support/flip.h"
#include "support/transport_configs.h"
#include "transport/packet_reader.h"
#include "transport/packet_writer.h"

using namespace hawser;
using namespace hawser::test;
using hawser::transport::OpenedPacket;
using hawser::transport::PacketReader;
using hawser::transport::PacketWriter;

namespace {

struct Mode {
  const char* name;
  const char* cipher;  // null: no encryption
  const char* mac;
};
constexpr Mode modes[] = {{"plain", nullptr, nullptr},
                          {"gcm", "aes128-gcm@openssh.com", nullptr},
                          {"chacha", "chacha20-poly1305@openssh.com", nullptr},
                          {"encrypt and mac", "aes128-ctr", "hmac-sha2-256"},
                          {"encrypt then mac", "aes256-ctr", "hmac-sha2-512-etm@openssh.com"},
                          {"cbc, encrypt and mac", "aes128-cbc", "hmac-sha2-256"},
                          {"cbc of small blocks, encrypt and mac", "3des-cbc", "hmac-sha1"},
                          {"cbc, encrypt then mac", "aes256-cbc", "hmac-sha1-etm@openssh.com"}};

// Keys of one direction, the same at both ends.
crypto::DirectionKeys keys_for(const crypto::CipherRow& cipher, const crypto::MacRow* mac) {
  FixedRandom random(9);
  crypto::DirectionKeys keys;
  keys.key = crypto::SecretBytes(random.bytes(cipher.key_size));
  keys.iv = crypto::SecretBytes(random.bytes(cipher.iv_size));
  keys.mac_key = crypto::SecretBytes(random.bytes(mac == nullptr ? 0 : mac->key_size));
  return keys;
}

std::unique_ptr<crypto::Sealer> make_sealer(const Mode& mode) {
  if (mode.cipher == nullptr) return crypto::plain_sealer();
  const crypto::CipherRow& cipher = *crypto::find_cipher(mode.cipher);
  const crypto::MacRow* mac = mode.mac == nullptr ? nullptr : crypto::find_mac(mode.mac);
  return std::move(*crypto::make_sealer(cipher, mac, keys_for(cipher, mac)));
}

std::unique_ptr<crypto::Opener> make_opener(const Mode& mode) {
  if (mode.cipher == nullptr) return crypto::plain_opener();
  const crypto::CipherRow& cipher = *crypto::find_cipher(mode.cipher);
  const crypto::MacRow* mac = mode.mac == nullptr ? nullptr : crypto::find_mac(mode.mac);
  return std::move(*crypto::make_opener(cipher, mac, keys_for(cipher, mac)));
}

// A writer and a reader with the same keys.
struct Framing {
  explicit Framing(const Mode& mode, std::size_t limit = limits::packet_length)
      : writer(*pool, random), reader(*pool, limit) {
    writer.use(make_sealer(mode), false);
    reader.use(make_opener(mode), false);
  }

  ByteVector seal(Bytes payload) {
    PacketBuffer packet(*pool, payload.size());
    std::copy(payload.begin(), payload.end(), packet.payload().begin());
    REQUIRE(writer.seal(std::move(packet)));
    ByteVector out;
    for (const Bytes part : writer.gather()) out.insert(out.end(), part.begin(), part.end());
    writer.transmitted(out.size());
    return out;
  }

  void receive(Bytes bytes) {
    while (!bytes.empty()) {
      const MutableBytes space = reader.space();
      const std::size_t count = std::min(space.size(), bytes.size());
      std::copy_n(bytes.begin(), count, space.begin());
      reader.received(count);
      bytes = bytes.subspan(count);
    }
  }

  std::shared_ptr<BufferPool> pool = BufferPool::create();
  FixedRandom random;
  PacketWriter writer;
  PacketReader reader;
};

// A sealed packet whose length field, padding length and size are free: what a hostile peer with the right keys can
// send.
ByteVector crafted(const Mode& mode, std::uint32_t packet_length, std::uint8_t padding_length,
                   std::size_t padded_size) {
  const std::unique_ptr<crypto::Sealer> sealer = make_sealer(mode);
  ByteVector packet(padded_size + sealer->shape().tag_size);
  wire::store_uint32(packet.data(), packet_length);
  packet[4] = padding_length;
  REQUIRE(sealer->seal(0, packet));
  return packet;
}

Errc outcome(PacketReader& reader) {
  const Result<std::optional<OpenedPacket>> packet = reader.next();
  return packet ? Errc::ok : packet.error().code();
}

}  // namespace

TEST_CASE("binary packet: payloads of all sizes come back, padded to blocks and at least 16 bytes (RFC 4253 §6)") {
  for (const Mode& mode : modes) {
    CAPTURE(mode.name);
    Framing framing(mode);
    const crypto::PacketShape shape = make_sealer(mode)->shape();
    for (std::size_t size = 1; size != 300; ++size) {
      const ByteVector payload = test_payload(94, size - 1);
      const ByteVector packet = framing.seal(payload);
      const std::size_t padded = packet.size() - shape.tag_size - (shape.length_is_padded ? 0 : 4);
      REQUIRE(padded % shape.block_size == 0);
      REQUIRE(packet.size() - shape.tag_size >= 16);
      framing.receive(packet);
      Result<std::optional<OpenedPacket>> opened = framing.reader.next();
      REQUIRE(opened);
      REQUIRE(*opened);
      REQUIRE(equal((*opened)->payload.bytes(), payload));
      REQUIRE((*opened)->sequence_number == size - 1);
    }
  }
}

TEST_CASE(
    "[CVE-2026-55200, CVE-2026-66035, GHSA-x4g5, GHSA-c4f7] binary packet: packet_length from 0 to 40 is accepted only "
    "where RFC 4253 §6 allows it") {
  for (const Mode& mode : modes) {
    CAPTURE(mode.name);
    const crypto::PacketShape shape = make_sealer(mode)->shape();
    if (shape.hides_bad_length) continue;
    for (std::uint32_t length = 0; length <= 40; ++length) {
      CAPTURE(length);
      const std::size_t counted = length + (shape.length_is_padded ? 4 : 0);
      const std::size_t least = shape.length_is_padded ? std::max<std::size_t>(16, shape.block_size) : shape.block_size;
      const bool allowed = counted >= least && counted % shape.block_size == 0;
      Framing framing(mode);
      // The packet that is really there is one that could be sealed.
      const std::size_t real = shape.length_is_padded ? (counted + 31) / 32 * 32 : 4 + (length + 31) / 32 * 32;
      framing.receive(crafted(mode, length, 4, allowed ? length + 4 : std::max<std::size_t>(real, 36)));
      CHECK(outcome(framing.reader) == (allowed ? Errc::ok : Errc::bad_packet_length));
    }
  }
}

TEST_CASE("[CVE-2024-43410] binary packet: a length beyond the cap ends the session before anything is taken for it") {
  for (const Mode& mode : modes) {
    CAPTURE(mode.name);
    for (const std::uint32_t length :
         {std::uint32_t{4097}, std::uint32_t{1} << 18, std::uint32_t{1} << 31, std::uint32_t{0xfffffff0}, UINT32_MAX}) {
      Framing framing(mode, 4096);
      if (make_sealer(mode)->shape().hides_bad_length) continue;
      const ByteVector packet = crafted(mode, length, 4, 36);
      framing.receive(packet);
      const std::size_t blocks = framing.pool->stats().bytes_in_use;
      CHECK(outcome(framing.reader) == Errc::packet_too_large);
      CHECK(framing.pool->stats().bytes_in_use == blocks);
    }
  }
}

TEST_CASE(
    "[CVE-2008-5161] binary packet: in CBC a length that cannot be looks like a wrong MAC, and no sooner than behind "
    "the longest packet") {
  constexpr std::size_t limit = 4096;
  for (const Mode& mode : modes) {
    const crypto::PacketShape shape = make_sealer(mode)->shape();
    if (!shape.hides_bad_length) continue;
    CAPTURE(mode.name);
    const std::size_t longest = (limit + 4) / shape.block_size * shape.block_size + shape.tag_size;
    for (const std::uint32_t length : {0u, 3u, 13u, 4093u, 4097u, 1u << 18, 1u << 31, UINT32_MAX}) {
      CAPTURE(length);
      Framing framing(mode, limit);
      ByteVector stream = crafted(mode, length, 4, 48);
      stream.resize(longest);
      framing.receive(Bytes(stream).first(longest - 1));
      CHECK(outcome(framing.reader) == Errc::ok);
      framing.receive(Bytes(stream).last(1));
      CHECK(outcome(framing.reader) == Errc::bad_mac);
    }
  }
}

TEST_CASE("binary packet: a bad length is known from the first block, without what follows (RFC 4253 §6)") {
  for (const Mode& mode : modes) {
    CAPTURE(mode.name);
    const crypto::PacketShape shape = make_opener(mode)->shape();
    if (shape.hides_bad_length) continue;
    const std::size_t first = shape.length_prefix;
    CHECK(first <= 16);
    const ByteVector packet = crafted(mode, 1 << 20, 4, 36);
    Framing framing(mode);
    framing.receive(Bytes(packet).first(first - 1));
    CHECK(outcome(framing.reader) == Errc::ok);
    framing.receive(Bytes(packet).subspan(first - 1, 1));
    CHECK(outcome(framing.reader) == Errc::packet_too_large);
  }
}

TEST_CASE("binary packet: padding is drawn from the generator, and new for each packet (RFC 4253 §6)") {
  Framing one(modes[0]), same(modes[0]), other(modes[0]);
  other.random = FixedRandom(2);
  const ByteVector payload = test_payload(94, 10);
  std::vector<ByteVector> paddings;
  for (int i = 0; i != 100; ++i) {
    const ByteVector packet = one.seal(payload);
    CHECK(packet == same.seal(payload));
    CHECK(packet != other.seal(payload));
    paddings.emplace_back(packet.end() - packet[4], packet.end());
  }
  std::ranges::sort(paddings);
  CHECK(std::ranges::adjacent_find(paddings) == paddings.end());
}

TEST_CASE("binary packet: the largest one passes, in every mode") {
  for (const Mode& mode : modes) {
    CAPTURE(mode.name);
    Framing framing(mode);
    const ByteVector payload = test_payload(94, limits::packet_length - 64);
    framing.receive(framing.seal(test_payload(94, 40'000)));  // so that it does not begin at a slab's start
    framing.receive(ByteVector());
    REQUIRE(outcome(framing.reader) == Errc::ok);
    framing.receive(framing.seal(payload));
    Result<std::optional<OpenedPacket>> opened = framing.reader.next();
    REQUIRE(opened);
    REQUIRE(*opened);
    CHECK(equal((*opened)->payload.bytes(), payload));
  }
}

TEST_CASE("binary packet: padding shorter than 4 bytes or longer than the packet is rejected (RFC 4253 §6)") {
  for (const Mode& mode : modes) {
    CAPTURE(mode.name);
    const std::size_t counted = make_sealer(mode)->shape().length_is_padded ? 4 : 0;
    const auto length = static_cast<std::uint32_t>(32 - counted);
    for (int padding = 0; padding != 256; ++padding) {
      CAPTURE(padding);
      Framing framing(mode);
      framing.receive(crafted(mode, length, static_cast<std::uint8_t>(padding), length + 4));
      const std::size_t most = length - 1;
      Errc expected = Errc::ok;
      if (padding < 4 || static_cast<std::size_t>(padding) > most) expected = Errc::bad_padding;
      if (static_cast<std::size_t>(padding) == most) expected = Errc::truncated;  // no message number
      CHECK(outcome(framing.reader) == expected);
    }
  }
}

TEST_CASE("binary packet: no flipped bit passes under a cipher") {
  for (const Mode& mode : std::span(modes).subspan(1)) {
    CAPTURE(mode.name);
    const ByteVector packet = Framing(mode).seal(test_payload(94, 20));
    const std::size_t length_bits = 8 * make_opener(mode)->shape().length_prefix;
    for_each_bit_flip(packet, [&](Bytes damaged, std::size_t bit) {
      Framing framing(mode);
      framing.receive(damaged);
      Result<std::optional<OpenedPacket>> opened = framing.reader.next();
      CAPTURE(bit);
      if (opened) {
        // A longer length: the rest is waited for, nothing is released.
        CHECK_FALSE(*opened);
        CHECK(bit < length_bits);
      } else {
        const Errc code = opened.error().code();
        const bool length_refused =
            bit < length_bits && (code == Errc::bad_packet_length || code == Errc::packet_too_large);
        CHECK((code == Errc::bad_mac || length_refused));
      }
    });
  }
}

TEST_CASE("binary packet: an unfinished one is never released, at whatever byte it ends") {
  for (const Mode& mode : modes) {
    CAPTURE(mode.name);
    const ByteVector packet = Framing(mode).seal(test_payload(94, 20));
    for_each_truncation(packet, [&](Bytes part) {
      Framing framing(mode);
      framing.receive(part);
      Result<std::optional<OpenedPacket>> opened = framing.reader.next();
      REQUIRE(opened);
      CHECK_FALSE(*opened);
    });
  }
}

TEST_CASE("binary packet: what a holder of a payload sees never changes, however many slabs follow") {
  Framing framing(modes[1]);
  std::vector<Payload> held;
  std::vector<ByteVector> expected;
  FixedRandom random(4);
  ByteVector stream;
  for (std::uint8_t i = 0; i != 100; ++i) {
    expected.push_back(test_payload(94, random.below(40'000), i));
    const ByteVector packet = framing.seal(expected.back());
    stream.insert(stream.end(), packet.begin(), packet.end());
  }
  Bytes rest(stream);
  while (!rest.empty()) {
    const MutableBytes space = framing.reader.space();
    REQUIRE_FALSE(space.empty());
    const std::size_t count = std::min({space.size(), rest.size(), 1 + random.below(100'000)});
    std::copy_n(rest.begin(), count, space.begin());
    framing.reader.received(count);
    rest = rest.subspan(count);
    while (true) {
      Result<std::optional<OpenedPacket>> opened = framing.reader.next();
      REQUIRE(opened);
      if (!*opened) break;
      held.push_back((*opened)->payload);
    }
  }
  REQUIRE(held.size() == expected.size());
  for (std::size_t i = 0; i != held.size(); ++i) CHECK(equal(held[i].bytes(), expected[i]));
}

TEST_CASE("binary packet: an empty slab goes back, and one that nobody holds is used again from its start") {
  Framing framing(modes[1]);
  const ByteVector packet = framing.seal(test_payload(94, 100));
  framing.receive(packet);
  const std::uint8_t* first = nullptr;
  {
    Result<std::optional<OpenedPacket>> opened = framing.reader.next();
    REQUIRE(opened);
    REQUIRE(*opened);
    first = (*opened)->payload.bytes().data();
  }
  Result<std::optional<OpenedPacket>> nothing = framing.reader.next();
  REQUIRE(nothing);
  CHECK_FALSE(*nothing);
  CHECK(framing.pool->stats().blocks_in_use == 0);
  CHECK(framing.reader.space().data() == first - 5);
}

TEST_CASE("binary packet: a steady stream is sealed, sent, received and opened without an allocation") {
  for (const Mode& mode : modes) {
    CAPTURE(mode.name);
    Framing framing(mode);
    const auto pass = [&](std::size_t packets) {
      for (std::size_t i = 0; i != packets; ++i) {
        PacketBuffer packet(*framing.pool, 32 * 1024);
        packet.payload()[0] = 94;
        bool fine = framing.writer.seal(std::move(packet)).has_value();
        for (Bytes part : framing.writer.gather()) {
          while (!part.empty()) {
            const MutableBytes space = framing.reader.space();
            const std::size_t count = std::min(space.size(), part.size());
            std::copy_n(part.begin(), count, space.begin());
            framing.reader.received(count);
            part = part.subspan(count);
          }
        }
        framing.writer.transmitted(framing.writer.queued_bytes());
        Result<std::optional<OpenedPacket>> opened = framing.reader.next();
        fine = fine && opened && *opened && (*opened)->payload.size() == 32 * 1024;
        REQUIRE(fine);
      }
    };
    pass(20);
    const AllocationCounter allocations;
    pass(200);
    CHECK(allocations.count() == 0);
  }
}
