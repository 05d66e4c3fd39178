#include <doctest/doctest.h>

#include <algorithm>

#include "hawser/crypto/packet_cipher.h"
#include "packet_suites.h"
#include "vectors.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

TEST_CASE(
    "packet ciphers: seal and open agree with packets made by OpenSSL (RFC 5647, RFC 4344, RFC 4253, OpenSSH "
    "PROTOCOL)") {
  std::vector<std::string> direction;
  std::unique_ptr<Sealer> sealer;
  std::unique_ptr<Opener> opener;
  std::size_t packets = 0;
  for (const auto& line : vector_table("packets.txt")) {
    CAPTURE(line.at(0));
    CAPTURE(line.at(1));
    const std::vector<std::string> algorithms_and_keys(line.begin(), line.begin() + 5);
    if (algorithms_and_keys != direction) {
      direction = algorithms_and_keys;
      const CipherRow* cipher = find_cipher(line.at(0));
      REQUIRE(cipher != nullptr);
      const MacRow* mac = find_mac(line.at(1));
      const DirectionKeys keys{SecretBytes(hex_field(line.at(2))), SecretBytes(hex_field(line.at(3))),
                               SecretBytes(hex_field(line.at(4)))};
      auto made_sealer = make_sealer(*cipher, mac, keys);
      auto made_opener = make_opener(*cipher, mac, keys);
      REQUIRE(made_sealer);
      REQUIRE(made_opener);
      sealer = std::move(*made_sealer);
      opener = std::move(*made_opener);
    }
    const auto sequence_number = static_cast<std::uint32_t>(std::stoul(line.at(5)));
    const ByteVector plain = from_hex(line.at(6)), sealed = from_hex(line.at(7));
    ByteVector packet(plain.size() + sealer->shape().tag_size);
    std::ranges::copy(plain, packet.begin());
    REQUIRE(sealer->seal(sequence_number, packet));
    CHECK(to_hex(packet) == to_hex(sealed));
    const auto opened = open_whole(*opener, sequence_number, sealed);
    REQUIRE(opened);
    CHECK(to_hex(*opened) == to_hex(Bytes(plain).subspan(4)));
    ++packets;
  }
  CHECK(packets == 100);
}
