#include "hawser/crypto/algorithms.h"

#include <doctest/doctest.h>

#include "hawser/crypto/hash.h"

using namespace hawser;
using namespace hawser::crypto;

namespace {

template <class Row>
std::vector<std::string> names_of(std::span<const Row> rows) {
  std::vector<std::string> names;
  for (const Row& row : rows) names.emplace_back(row.name);
  return names;
}

template <class Row>
std::vector<std::string> default_names_of(std::span<const Row> rows) {
  std::vector<std::string> names;
  for (const Row& row : rows) {
    if (row.offer == Offer::by_default) names.emplace_back(row.name);
  }
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("algorithms: key exchange methods stand in the documented order of preference") {
  Names expected{"curve25519-sha256",
                 "curve25519-sha256@libssh.org",
                 "ecdh-sha2-nistp256",
                 "ecdh-sha2-nistp384",
                 "ecdh-sha2-nistp521",
                 "diffie-hellman-group16-sha512",
                 "diffie-hellman-group18-sha512",
                 "diffie-hellman-group14-sha256",
                 "diffie-hellman-group-exchange-sha256",
                 "diffie-hellman-group14-sha1",
                 "diffie-hellman-group-exchange-sha1"};
  if (find_kex("mlkem768x25519-sha256") != nullptr) {
    expected.insert(expected.begin(), "mlkem768x25519-sha256");
    expected.insert(expected.end(), {"mlkem768nistp256-sha256", "mlkem1024nistp384-sha384"});
  }
  CHECK(names_of(kex_rows()) == expected);
}

TEST_CASE("algorithms: signatures and MACs stand in the documented order of preference") {
  CHECK(names_of(signature_rows()) == Names{"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384",
                                            "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256"});
  CHECK(names_of(mac_rows()) ==
        Names{"hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"});
}

TEST_CASE("algorithms: ciphers begin with AES-GCM or with ChaCha20, as the processor does better, and end with CTR") {
  const Names ctr{"aes128-ctr", "aes192-ctr", "aes256-ctr"};
  Names gcm_first{"aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com"};
  Names chacha20_first{"chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com"};
  gcm_first.insert(gcm_first.end(), ctr.begin(), ctr.end());
  chacha20_first.insert(chacha20_first.end(), ctr.begin(), ctr.end());
  const Names names = names_of(cipher_rows());
  CHECK((names == gcm_first || names == chacha20_first));
}

TEST_CASE("algorithms: every row is found by its name and no other name is found") {
  for (const KexRow& row : kex_rows()) CHECK(find_kex(row.name) == &row);
  for (const SignatureRow& row : signature_rows()) CHECK(find_signature(row.name) == &row);
  for (const CipherRow& row : cipher_rows()) CHECK(find_cipher(row.name) == &row);
  for (const MacRow& row : mac_rows()) CHECK(find_mac(row.name) == &row);
  for (const std::string_view name : {"", "none", "curve25519-sha25", "curve25519-sha256 ", "CURVE25519-SHA256"}) {
    CHECK(find_kex(name) == nullptr);
    CHECK(find_signature(name) == nullptr);
    CHECK(find_cipher(name) == nullptr);
    CHECK(find_mac(name) == nullptr);
  }
}

TEST_CASE(
    "algorithms: a cipher has a tag of its own or needs a MAC, and a MAC's key and tag are as long as its hash (RFC "
    "6668 §2)") {
  for (const CipherRow& row : cipher_rows()) {
    CHECK(row.block_size >= 8);  // RFC 4253 §6
    CHECK((row.tag_size == 0) == (row.length_field == LengthField::encrypted));
  }
  for (const MacRow& row : mac_rows()) {
    CHECK(row.key_size == hash_size(row.hash));
    CHECK(row.tag_size == hash_size(row.hash));
  }
}

TEST_CASE("algorithm policy: modern() offers every row marked so and passes its own check") {
  const AlgorithmPolicy policy = AlgorithmPolicy::modern();
  CHECK(policy.check());
  CHECK(policy.kex == default_names_of(kex_rows()));
  CHECK(policy.host_key == default_names_of(signature_rows()));
  CHECK(policy.user_signature == default_names_of(signature_rows()));
  CHECK(policy.cipher == default_names_of(cipher_rows()));
  CHECK(policy.mac == default_names_of(mac_rows()));
  CHECK(policy.compression == Names{"none", "zlib@openssh.com"});
  CHECK_FALSE(policy.require_strict_kex);
}

TEST_CASE("algorithm policy: what rests on SHA-1 is offered on request only (RFC 9142)") {
  AlgorithmPolicy policy = AlgorithmPolicy::modern();
  for (const KexRow& row : kex_rows()) {
    CAPTURE(row.name);
    if (row.hash == HashAlgorithm::sha1) CHECK(row.offer == Offer::on_request);
    policy.kex = {std::string(row.name)};
    CHECK(policy.check());
  }
}

TEST_CASE("[CVE-2016-7408] algorithm policy: an empty or unknown entry is a caller's error that names its list") {
  struct Row {
    void (*change)(AlgorithmPolicy&);
    const char* where;
  };
  const Row rows[] = {
      {[](AlgorithmPolicy& p) { p.kex.clear(); }, "kex: the list is empty"},
      {[](AlgorithmPolicy& p) { p.host_key.clear(); }, "host_key: the list is empty"},
      {[](AlgorithmPolicy& p) { p.cipher.clear(); }, "cipher: the list is empty"},
      {[](AlgorithmPolicy& p) { p.mac.clear(); }, "mac: a cipher needs one, the list is empty"},
      {[](AlgorithmPolicy& p) { p.compression.clear(); }, "compression: the list is empty"},
      {[](AlgorithmPolicy& p) { p.kex.push_back("diffie-hellman-group1-sha1"); }, "kex: unknown name"},
      {[](AlgorithmPolicy& p) { p.host_key.push_back("ssh-dss"); }, "host_key: unknown name"},
      {[](AlgorithmPolicy& p) { p.cipher.push_back("none"); }, "cipher: unknown name"},
      {[](AlgorithmPolicy& p) { p.mac.push_back("none"); }, "mac: unknown name"},
      {[](AlgorithmPolicy& p) { p.compression.push_back("zip"); }, "compression: unknown name"},
      {[](AlgorithmPolicy& p) { p.user_signature.push_back("ssh-dss"); }, "user_signature: unknown name"},
  };
  for (const Row& row : rows) {
    AlgorithmPolicy policy = AlgorithmPolicy::modern();
    row.change(policy);
    const Result<void> checked = policy.check();
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code() == Errc::invalid_argument);
    CHECK(std::string(checked.error().where()) == row.where);
  }
}

TEST_CASE("algorithm policy: ciphers with a tag of their own need no MAC") {
  AlgorithmPolicy policy = AlgorithmPolicy::modern();
  policy.cipher = {"aes128-gcm@openssh.com", "chacha20-poly1305@openssh.com"};
  policy.mac.clear();
  CHECK(policy.check());
}
