#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "hawser/crypto/keys.h"
#include "hawser/wire/writer.h"
#include "scripted_random.h"
#include "signature_form.h"
#include "sshsig.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

PrivateKey loaded(const std::string& name) {
  auto key = PrivateKey::from_text(vector_text("keys/" + name));
  REQUIRE(key);
  return *key;
}

}  // namespace

TEST_CASE("ed25519: keys and signatures of RFC 8032 §7.1") {
  struct Row {
    const char* seed;
    const char* public_key;
    const char* message;
    const char* signature;
  };
  const Row rows[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
       "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
       "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
       "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
  };
  const SignatureRow& algorithm = *find_signature("ssh-ed25519");
  for (const Row& row : rows) {
    ScriptedRandom random(from_hex(row.seed));
    const auto key = PrivateKey::generate(KeyType::ed25519, random);
    REQUIRE(key);
    CHECK(to_hex(key->public_key().blob().last(32)) == row.public_key);
    const auto signature = key->sign(algorithm, from_hex(row.message));
    REQUIRE(signature);
    CHECK(to_hex(*signature) == to_hex(signature_of("ssh-ed25519", from_hex(row.signature))));
    CHECK(key->public_key().verify(algorithm, from_hex(row.message), *signature));
  }
}

TEST_CASE("[CVE-2024-31497] ecdsa: deterministic signatures of \"sample\", RFC 6979 §A.2.5 to §A.2.7") {
  struct Row {
    KeyType type;
    const char* algorithm;
    const char* x;
    const char* r;
    const char* s;
  };
  const Row rows[] = {
      {KeyType::ecdsa_p256, "ecdsa-sha2-nistp256", "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
       "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
       "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"},
      {KeyType::ecdsa_p384, "ecdsa-sha2-nistp384",
       "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
       "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46",
       "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8"},
      {KeyType::ecdsa_p521, "ecdsa-sha2-nistp521",
       "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896eb32f1f47c70855836a6d16fcc1466f6d8fbec67d"
       "b"
       "89ec0c08b0e996b83538",
       "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b534931d7d4e8455cc"
       "9"
       "1f9b15bf05ec36e377fa",
       "00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dcc"
       "c"
       "43997f1ee0e44da4a67a"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.algorithm);
    ScriptedRandom random(from_hex(row.x));
    const auto key = PrivateKey::generate(row.type, random);
    REQUIRE(key);
    const auto signature = key->sign(*find_signature(row.algorithm), as_bytes("sample"));
    REQUIRE(signature);
    ByteVector numbers;
    wire::append_mpint(numbers, from_hex(row.r));
    wire::append_mpint(numbers, from_hex(row.s));
    CHECK(to_hex(*signature) == to_hex(signature_of(row.algorithm, numbers)));
  }
}

TEST_CASE("private key: deterministic signatures are byte for byte those of OpenSSH (RFC 8032, RFC 8017 §8.2)") {
  for (const auto& [file, algorithm] : {std::pair{"ed25519", "ssh-ed25519"}, std::pair{"rsa_2048", "rsa-sha2-512"}}) {
    const SshSig sshsig = read_sshsig(file);
    const auto signature = loaded(file).sign(*find_signature(algorithm), sshsig.signed_data);
    REQUIRE(signature);
    CHECK(to_hex(*signature) == to_hex(sshsig.signature));
  }
}

TEST_CASE("private key: every type signs what its public key verifies, and with no other type's algorithm") {
  for (const std::string name : {"ed25519", "ecdsa_256", "ecdsa_384", "ecdsa_521", "rsa_2048", "rsa_3072"}) {
    CAPTURE(name);
    const PrivateKey key = loaded(name);
    for (const SignatureRow& row : signature_rows()) {
      const auto signature = key.sign(row, as_bytes("data"));
      if (key.public_key().can_verify(row)) {
        REQUIRE(signature);
        CHECK(key.public_key().verify(row, as_bytes("data"), *signature));
        CHECK_FALSE(key.public_key().verify(row, as_bytes("date"), *signature));
      } else {
        REQUIRE_FALSE(signature);
        CHECK(signature.error().code() == Errc::invalid_argument);
      }
    }
  }
}

TEST_CASE("private key: generated keys work and come from the injected generator") {
  for (const KeyType type :
       {KeyType::ed25519, KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::rsa}) {
    FixedRandom a(3), b(3), c(4);
    const auto first = PrivateKey::generate(type, a, 2048), same = PrivateKey::generate(type, b, 2048),
               other = PrivateKey::generate(type, c, 2048);
    REQUIRE(first);
    REQUIRE(same);
    REQUIRE(other);
    CHECK(first->public_key().type() == type);
    CHECK(first->public_key() == same->public_key());
    CHECK_FALSE(first->public_key() == other->public_key());
    CHECK(first->comment().empty());
    if (type == KeyType::rsa) CHECK(first->public_key().bits() == 2048);
  }
}

TEST_CASE("private key: rsa keys are made with 2048 to 16384 bits") {
  FixedRandom random;
  for (const std::size_t bits : {std::size_t{0}, std::size_t{1024}, std::size_t{2047}, std::size_t{16385}}) {
    const auto key = PrivateKey::generate(KeyType::rsa, random, bits);
    REQUIRE_FALSE(key);
    CHECK(key.error().code() == Errc::invalid_argument);
  }
}

TEST_CASE("private key: threads may sign with one key at once") {
  for (const std::string name : {"ed25519", "ecdsa_256", "rsa_2048"}) {
    const PrivateKey key = loaded(name);
    const SignatureRow* row = nullptr;
    for (const SignatureRow& each : signature_rows()) {
      if (row == nullptr && key.public_key().can_verify(each)) row = &each;
    }
    const auto expected = key.sign(*row, as_bytes("data"));
    REQUIRE(expected);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10; ++i) {
          const auto signature = key.sign(*row, as_bytes("data"));
          if (!signature || *signature != *expected || !key.public_key().verify(*row, as_bytes("data"), *signature))
            ++wrong;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
  }
}
