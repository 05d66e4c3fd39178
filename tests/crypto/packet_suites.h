// Every way to protect a direction: each cipher with a tag of its own, and each other cipher with each MAC.
#pragma once

#include <string>
#include <vector>

#include "hawser/crypto/packet_cipher.h"
#include "hawser/wire/writer.h"
#include "support/fixed_random.h"

namespace hawser::test {

struct Suite {
  const crypto::CipherRow* cipher;
  const crypto::MacRow* mac;  // null for ciphers with a tag

  std::string name() const {
    return std::string(cipher->name) + (mac == nullptr ? "" : " + " + std::string(mac->name));
  }
  bool length_is_encrypted() const {
    return cipher->length_field == crypto::LengthField::encrypted && !mac->encrypt_then_mac;
  }
  // The size before the tag of a packet whose padded part has so many bytes.
  std::size_t packet_size(std::size_t padded) const { return padded + (length_is_encrypted() ? 0 : 4); }
};

inline std::vector<Suite> all_suites() {
  std::vector<Suite> suites;
  for (const crypto::CipherRow& cipher : crypto::cipher_rows()) {
    if (cipher.tag_size != 0) {
      suites.push_back({&cipher, nullptr});
      continue;
    }
    for (const crypto::MacRow& mac : crypto::mac_rows()) suites.push_back({&cipher, &mac});
  }
  return suites;
}

inline crypto::DirectionKeys fixed_keys(const Suite& suite, std::uint64_t seed = 1) {
  FixedRandom random(seed);
  const auto draw = [&](std::size_t size) { return crypto::SecretBytes(random.bytes(size)); };
  return {draw(suite.cipher->key_size), draw(suite.cipher->iv_size),
          draw(suite.mac == nullptr ? 0 : suite.mac->key_size)};
}

inline std::unique_ptr<crypto::Sealer> fixed_sealer(const Suite& suite) {
  return std::move(*crypto::make_sealer(*suite.cipher, suite.mac, fixed_keys(suite)));
}

inline std::unique_ptr<crypto::Opener> fixed_opener(const Suite& suite) {
  return std::move(*crypto::make_opener(*suite.cipher, suite.mac, fixed_keys(suite)));
}

// A packet of `size` bytes, with room for the tag behind them.
inline ByteVector packet_of(std::size_t size, std::size_t tag_size) {
  ByteVector packet = FixedRandom(size).bytes(size);
  wire::store_uint32(packet.data(), static_cast<std::uint32_t>(size - 4));
  packet.resize(size + tag_size);
  return packet;
}

// The same for a suite, whose padded part is to have so many bytes.
inline ByteVector suite_packet(const Suite& suite, std::size_t padded) {
  return packet_of(suite.packet_size(padded), suite.mac == nullptr ? suite.cipher->tag_size : suite.mac->tag_size);
}

// As the transport does it: the length first, then the whole packet. Gives what stands behind the length field.
inline Result<ByteVector> open_whole(crypto::Opener& opener, std::uint32_t sequence_number, ByteVector packet) {
  const Result<std::uint32_t> length = opener.open_length(sequence_number, packet);
  if (!length) return length.error();
  if (const auto opened = opener.open(sequence_number, packet); !opened) return opened.error();
  const std::size_t size = packet.size() - opener.shape().tag_size;
  if (*length != size - 4) return Error(Errc::bad_packet_length, "the length that was announced is another");
  return to_vector(Bytes(packet).first(size).subspan(4));
}

}  // namespace hawser::test
