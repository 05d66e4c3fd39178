#include "hawser/crypto/hash.h"

#include <doctest/doctest.h>

#include "support/hex.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

TEST_CASE("hash: the digest of \"abc\" (FIPS 180-4 examples)") {
  const std::pair<HashAlgorithm, std::string_view> rows[] = {
      {HashAlgorithm::sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {HashAlgorithm::sha384,
       "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
      {HashAlgorithm::sha512,
       "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
       "454d4423643ce80e2a9ac94fa54ca49f"},
  };
  for (const auto& [algorithm, digest] : rows) {
    Hash hash(algorithm);
    CHECK(to_hex(hash.update(as_bytes("a")).update(as_bytes("bc")).finish()) == digest);
    CHECK(hash_size(algorithm) == digest.size() / 2);
    // And again with the same object.
    CHECK(to_hex(hash.update(as_bytes("abc")).finish()) == digest);
  }
}

TEST_CASE("hash: update_string puts the length in front (RFC 4251 §5)") {
  const ByteVector whole = Hash(HashAlgorithm::sha256).update("00000003616263 00000100"_hex).finish();
  CHECK(Hash(HashAlgorithm::sha256).update_string(as_bytes("abc")).update_uint32(256).finish() == whole);
}

TEST_CASE(
    "derive_key: K1 = HASH(K || H || letter || session_id), Kn = HASH(K || H || K1 || … || Kn-1) (RFC 4253 §7.2)") {
  const ByteVector secret = "0000000401020304"_hex;
  const ByteVector exchange_hash(32, 0x11), session_id(32, 0x22);
  for (const HashAlgorithm algorithm : {HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512}) {
    ByteVector expected =
        Hash(algorithm).update(secret).update(exchange_hash).update(as_bytes("C")).update(session_id).finish();
    for (int more = 0; more < 3; ++more) {
      const ByteVector next = Hash(algorithm).update(secret).update(exchange_hash).update(expected).finish();
      expected.insert(expected.end(), next.begin(), next.end());
    }
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{12}, hash_size(algorithm) - 1, hash_size(algorithm),
          hash_size(algorithm) + 1, 2 * hash_size(algorithm), 3 * hash_size(algorithm) + 5}) {
      const SecretBytes key = derive_key(algorithm, secret, exchange_hash, 'C', session_id, size);
      CHECK(to_hex(key.view()) == to_hex(Bytes(expected).first(size)));
    }
  }
}

TEST_CASE("derive_key: every input changes the key") {
  const ByteVector a(32, 1), b(32, 2);
  const auto key = [](Bytes secret, Bytes hash, char letter, Bytes session_id) {
    return to_hex(derive_key(HashAlgorithm::sha256, secret, hash, letter, session_id, 64).view());
  };
  const std::string base = key(a, a, 'A', a);
  CHECK(key(b, a, 'A', a) != base);
  CHECK(key(a, b, 'A', a) != base);
  CHECK(key(a, a, 'B', a) != base);
  CHECK(key(a, a, 'A', b) != base);
}
