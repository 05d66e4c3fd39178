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
                                            "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"});
  CHECK(names_of(mac_rows()) == Names{"hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256",
                                      "hmac-sha2-512", "hmac-sha1-etm@openssh.com", "hmac-sha1"});
}

TEST_CASE("algorithms: ciphers begin with AES-GCM or with ChaCha20, as the processor does better; then CTR, then CBC") {
  const Names rest{"aes128-ctr", "aes192-ctr", "aes256-ctr", "aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc"};
  Names gcm_first{"aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com"};
  Names chacha20_first{"chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com"};
  gcm_first.insert(gcm_first.end(), rest.begin(), rest.end());
  chacha20_first.insert(chacha20_first.end(), rest.begin(), rest.end());
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
    CHECK(row.key_size >= 16);   // RFC 4253 §6.3
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

TEST_CASE("algorithm policy: what rests on SHA-1 or CBC is offered on request only (RFC 9142)") {
  for (const KexRow& row : kex_rows()) {
    if (row.hash == HashAlgorithm::sha1) CHECK(row.offer == Offer::on_request);
  }
  for (const MacRow& row : mac_rows()) {
    if (row.hash == HashAlgorithm::sha1) CHECK(row.offer == Offer::on_request);
  }
  for (const SignatureRow& row : signature_rows()) {
    if (row.hash == HashAlgorithm::sha1) CHECK(row.offer == Offer::on_request);
  }
  for (const CipherRow& row : cipher_rows()) {
    const bool cbc = row.family == CipherFamily::aes_cbc || row.family == CipherFamily::triple_des_cbc;
    CHECK(cbc == (row.offer == Offer::on_request));
  }
}

TEST_CASE("algorithm policy: compatible() offers the modern rows first and every other behind them") {
  const AlgorithmPolicy policy = AlgorithmPolicy::compatible();
  const AlgorithmPolicy modern = AlgorithmPolicy::modern();
  CHECK(policy.check());
  const auto begins_with_modern = [&](std::vector<std::string> AlgorithmPolicy::*list) {
    const Names& all = policy.*list;
    const Names& first = modern.*list;
    return all.size() > first.size() && std::equal(first.begin(), first.end(), all.begin());
  };
  CHECK(begins_with_modern(&AlgorithmPolicy::kex));
  CHECK(begins_with_modern(&AlgorithmPolicy::host_key));
  CHECK(begins_with_modern(&AlgorithmPolicy::cipher));
  CHECK(begins_with_modern(&AlgorithmPolicy::mac));
  CHECK(begins_with_modern(&AlgorithmPolicy::user_signature));
  CHECK(policy.kex.size() == kex_rows().size());
  CHECK(policy.cipher.size() == cipher_rows().size());
  CHECK(policy.compression == modern.compression);  // nobody unknown reaches a decompressor
}

TEST_CASE("algorithm policy: hardened() has neither NIST curves, nor small or chosen groups, nor encrypt-and-mac") {
  const AlgorithmPolicy policy = AlgorithmPolicy::hardened();
  CHECK(policy.check());
  Names kex{"curve25519-sha256", "curve25519-sha256@libssh.org", "diffie-hellman-group16-sha512",
            "diffie-hellman-group18-sha512"};
  if (find_kex("mlkem768x25519-sha256") != nullptr) kex.insert(kex.begin(), "mlkem768x25519-sha256");
  CHECK(policy.kex == kex);
  CHECK(policy.host_key == Names{"ssh-ed25519", "rsa-sha2-512", "rsa-sha2-256"});
  CHECK(policy.user_signature == AlgorithmPolicy::modern().user_signature);
  CHECK(policy.cipher == AlgorithmPolicy::modern().cipher);
  CHECK(policy.mac == Names{"hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"});
}

TEST_CASE("algorithm policy: fips() has the NIST curves and groups, ECDSA and RSA, AES and SHA-2, nothing else") {
  const AlgorithmPolicy policy = AlgorithmPolicy::fips();
  CHECK(policy.check());
  Names kex{"ecdh-sha2-nistp256",
            "ecdh-sha2-nistp384",
            "ecdh-sha2-nistp521",
            "diffie-hellman-group16-sha512",
            "diffie-hellman-group18-sha512",
            "diffie-hellman-group14-sha256"};
  if (find_kex("mlkem768nistp256-sha256") != nullptr)
    kex.insert(kex.end(), {"mlkem768nistp256-sha256", "mlkem1024nistp384-sha384"});
  CHECK(policy.kex == kex);
  CHECK(policy.host_key ==
        Names{"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256"});
  CHECK(policy.user_signature == policy.host_key);
  CHECK(policy.cipher ==
        Names{"aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr"});
  CHECK(policy.mac == default_names_of(mac_rows()));
}

TEST_CASE("algorithm policy: pq_only() has no method that a quantum computer breaks, and fails loudly without ML-KEM") {
  const AlgorithmPolicy policy = AlgorithmPolicy::pq_only();
  for (const std::string& name : policy.kex) CHECK(name.starts_with("mlkem"));
  CHECK(policy.cipher == AlgorithmPolicy::modern().cipher);
  if (find_kex("mlkem768x25519-sha256") != nullptr) {
    CHECK(policy.check());
    CHECK(policy.kex.size() == 3);
    CHECK(policy.kex.front() == "mlkem768x25519-sha256");
  } else {
    const Result<void> checked = policy.check();
    REQUIRE_FALSE(checked);
    CHECK(std::string(checked.error().where()).find("Botan 3.6") != std::string::npos);
  }
}

TEST_CASE("algorithm policy: each is found by its name, and no other name is") {
  CHECK(AlgorithmPolicy::named("modern")->cipher == AlgorithmPolicy::modern().cipher);
  CHECK(AlgorithmPolicy::named("hardened")->mac == AlgorithmPolicy::hardened().mac);
  CHECK(AlgorithmPolicy::named("compatible")->cipher == AlgorithmPolicy::compatible().cipher);
  CHECK(AlgorithmPolicy::named("fips")->cipher == AlgorithmPolicy::fips().cipher);
  CHECK(AlgorithmPolicy::named("pq_only")->kex == AlgorithmPolicy::pq_only().kex);
  for (const char* name : {"", "Modern", "fips ", "pq"}) CHECK_FALSE(AlgorithmPolicy::named(name));
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
    CHECK(std::string(checked.error().where()).starts_with(row.where));
  }
}

TEST_CASE("algorithm policy: ciphers with a tag of their own need no MAC") {
  AlgorithmPolicy policy = AlgorithmPolicy::modern();
  policy.cipher = {"aes128-gcm@openssh.com", "chacha20-poly1305@openssh.com"};
  policy.mac.clear();
  CHECK(policy.check());
}
