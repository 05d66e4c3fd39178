// Sealing and opening one binary packet (RFC 4253 §6) with fixed keys: the wire and crypto layers alone, without a
// session.
#include <algorithm>
#include <cstdio>

#include "hawser/crypto/packet_cipher.h"
#include "hawser/wire/dump.h"

using namespace hawser;

namespace {

// Any message is a struct with a list of its fields; encoder, decoder and dump come from the list.
struct Greeting {
  static constexpr std::uint8_t number = 200;
  static constexpr const char* name = "GREETING";
  std::string_view text;
  std::uint32_t count = 0;
  static constexpr auto fields =
      std::tuple{wire::field("text", &Greeting::text), wire::field("count", &Greeting::count)};
};

// packet_length | padding_length | payload | padding | room for the tag
ByteVector frame(Bytes payload, const crypto::PacketShape& shape) {
  const std::size_t counted = 1 + payload.size() + (shape.length_is_padded ? 4 : 0);
  std::size_t padding = shape.block_size - counted % shape.block_size;
  if (padding < 4) padding += shape.block_size;
  ByteVector packet(4 + 1 + payload.size() + padding + shape.tag_size);
  wire::store_uint32(packet.data(), static_cast<std::uint32_t>(1 + payload.size() + padding));
  packet[4] = static_cast<std::uint8_t>(padding);
  std::ranges::copy(payload, packet.begin() + 5);
  return packet;
}

}  // namespace

int main() {
  const crypto::CipherRow& cipher = *crypto::find_cipher("aes128-gcm@openssh.com");
  crypto::DirectionKeys keys{crypto::SecretBytes(cipher.key_size), crypto::SecretBytes(cipher.iv_size), {}};
  std::ranges::fill(keys.key.mutable_view(), std::uint8_t{0x2b});
  const auto sealer = crypto::make_sealer(cipher, nullptr, keys);
  const auto opener = crypto::make_opener(cipher, nullptr, keys);
  if (!sealer || !opener) return 1;

  const ByteVector payload = wire::encode(Greeting{"hello", 3});
  ByteVector packet = frame(payload, (*sealer)->shape());
  if (!(*sealer)->seal(0, packet)) return 1;
  std::printf("sealed: %s\n", wire::hex(packet, 64).c_str());

  const Result<std::uint32_t> length = (*opener)->open_length(0, MutableBytes(packet).first(4));
  if (!length || !(*opener)->open(0, packet)) return 1;
  const Bytes opened = Bytes(packet).subspan(5, *length - 1 - packet[4]);
  const Result<Greeting> greeting = wire::decode<Greeting>(opened);
  if (!greeting) return 1;
  std::printf("opened: %s\n", wire::dump(*greeting).c_str());

  // The same packet with one bit wrong does not open.
  packet.back() ^= 1;
  return (*opener)->open(1, packet) ? 1 : 0;
}
