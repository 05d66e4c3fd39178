// The primitives below the packet ciphers, seen through them: what a construction adds is chosen so that a published
// vector stands in the packet as it is.
#include <doctest/doctest.h>

#include "hawser/crypto/packet_cipher.h"
#include "hawser/wire/writer.h"
#include "support/hex.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

ByteVector seal(const CipherRow& cipher, const MacRow* mac, DirectionKeys keys, std::uint32_t sequence_number,
                ByteVector plain) {
  auto sealer = make_sealer(cipher, mac, keys);
  REQUIRE(sealer);
  plain.resize(plain.size() + (*sealer)->shape().tag_size);
  REQUIRE((*sealer)->seal(sequence_number, plain));
  return plain;
}

}  // namespace

TEST_CASE("aes-ctr: SP 800-38A §F.5 (encrypt-and-mac encrypts the whole packet, RFC 4253 §6)") {
  struct Row {
    const char* cipher;
    const char* key;
    const char* encrypted;
  };
  const Row rows[] = {
      {"aes128-ctr", "2b7e151628aed2a6abf7158809cf4f3c",
       "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
       "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee"},
      {"aes192-ctr", "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
       "1abc932417521ca24f2b0459fe7e6e0b090339ec0aa6faefd5ccc2c6f4ce8e94"
       "1e36b26bd1ebc670d1bd1d665620abf74f78a7f6d29809585a97daec58c6b050"},
      {"aes256-ctr", "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
       "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
       "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6"},
  };
  for (const Row& row : rows) {
    const ByteVector sealed =
        seal(*find_cipher(row.cipher), find_mac("hmac-sha2-256"),
             {SecretBytes(from_hex(row.key)), SecretBytes("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"_hex), SecretBytes(32)}, 0,
             "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
             "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"_hex);
    CHECK(to_hex(Bytes(sealed).first(64)) == row.encrypted);
  }
}

TEST_CASE(
    "cbc: SP 800-38A §F.2 for AES, NIST's example for TDES in CBC mode, one chain over all packets (RFC 4253 §6.3)") {
  struct Row {
    const char* cipher;
    const char* key;
    const char* iv;
    const char* encrypted;
  };
  const Row rows[] = {
      {"aes128-cbc", "2b7e151628aed2a6abf7158809cf4f3c", "000102030405060708090a0b0c0d0e0f",
       "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"},
      {"aes192-cbc", "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "000102030405060708090a0b0c0d0e0f",
       "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"},
      {"aes256-cbc", "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
       "000102030405060708090a0b0c0d0e0f", "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"},
      {"3des-cbc", "0123456789abcdef23456789abcdef01456789abcdef0123", "f69f2445df4f9b17",
       "2079c3d53aa763e193b79e2569ab5262516570481f25b50f73c0bda85c8e0da7"},
  };
  const ByteVector plain = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"_hex;
  for (const Row& row : rows) {
    CAPTURE(row.cipher);
    const DirectionKeys keys{SecretBytes(from_hex(row.key)), SecretBytes(from_hex(row.iv)), SecretBytes(32)};
    const auto sealer = make_sealer(*find_cipher(row.cipher), find_mac("hmac-sha2-256"), keys);
    REQUIRE(sealer);
    std::string encrypted;
    for (const Bytes half : {Bytes(plain).first(16), Bytes(plain).last(16)}) {
      ByteVector packet = to_vector(half);
      packet.resize(16 + 32);
      REQUIRE((*sealer)->seal(0, packet));
      encrypted += to_hex(Bytes(packet).first(16));
    }
    CHECK(encrypted == row.encrypted);
  }
}

TEST_CASE("hmac: RFC 4231 §4 and RFC 2202 §3, the data cut into the sequence number and the packet (RFC 4253 §6.4)") {
  struct Row {
    ByteVector key;
    ByteVector data;
    const char* sha256;
    const char* sha512;
    const char* sha1;  // RFC 2202; its key for the last text is a shorter one
  };
  const Row rows[] = {
      {ByteVector(20, 0x0b), to_vector(as_bytes("Hi There")),
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
       "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
       "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
       "b617318655057264e28bc0b6fb378c8ef146be00"},
      {to_vector(as_bytes("Jefe")), to_vector(as_bytes("what do ya want for nothing?")),
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
       "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
       "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
       "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
      {ByteVector(20, 0xaa), ByteVector(50, 0xdd), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
       "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
       "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
       "125d7342b9ac11cd91a39af48aa17b4f63f175d3"},
      {ByteVector(131, 0xaa), to_vector(as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")),
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
       "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
       "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
       nullptr},
  };
  for (const Row& row : rows) {
    const std::pair<const char*, const char*> macs[] = {
        {"hmac-sha2-256", row.sha256}, {"hmac-sha2-512", row.sha512}, {"hmac-sha1", row.sha1}};
    for (const auto& [name, expected] : macs) {
      if (expected == nullptr) continue;
      MacRow mac = *find_mac(name);
      mac.key_size = row.key.size();
      const ByteVector sealed =
          seal(*find_cipher("aes128-ctr"), &mac, {SecretBytes(16), SecretBytes(16), SecretBytes(row.key)},
               wire::load_uint32(row.data.data()), to_vector(Bytes(row.data).subspan(4)));
      CHECK(to_hex(Bytes(sealed).last(mac.tag_size)) == expected);
    }
  }
}

TEST_CASE("aes-gcm: the encrypted text of test cases 3 and 15 of the GCM specification (McGrew, Viega)") {
  const std::pair<const char*, std::pair<const char*, const char*>> rows[] = {
      {"aes128-gcm@openssh.com",
       {"feffe9928665731c6d6a8f9467308308",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
        "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985"}},
      {"aes256-gcm@openssh.com",
       {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"}},
  };
  for (const auto& [cipher, key_and_text] : rows) {
    const ByteVector sealed =
        seal(*find_cipher(cipher), nullptr,
             {SecretBytes(from_hex(key_and_text.first)), SecretBytes("cafebabefacedbaddecaf888"_hex), SecretBytes()}, 0,
             "00000040"
             "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
             "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"_hex);
    CHECK(to_hex(Bytes(sealed).first(4)) == "00000040");
    CHECK(to_hex(Bytes(sealed).subspan(4, 64)) == key_and_text.second);
  }
}

TEST_CASE(
    "chacha20: key streams of RFC 8439 §A.1: the length takes block 0 of its key, the payload begins with block 1 of "
    "its own") {
  const ByteVector zeros(4 + 64);
  const CipherRow& cipher = *find_cipher("chacha20-poly1305@openssh.com");
  // Test vectors 1 and 2: both keys are zero.
  const ByteVector first = seal(cipher, nullptr, {SecretBytes(64), SecretBytes(), SecretBytes()}, 0, zeros);
  CHECK(to_hex(Bytes(first).first(4)) == "76b8e0ad");
  CHECK(to_hex(Bytes(first).subspan(4, 64)) ==
        "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
        "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f");
  // Test vector 3: the key of the payload, the first one, ends in 1.
  SecretBytes key(64);
  key.mutable_view()[31] = 1;
  const ByteVector second = seal(cipher, nullptr, {std::move(key), SecretBytes(), SecretBytes()}, 0, zeros);
  CHECK(to_hex(Bytes(second).first(4)) == "76b8e0ad");
  CHECK(to_hex(Bytes(second).subspan(4, 64)) ==
        "3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a"
        "8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0");
}
