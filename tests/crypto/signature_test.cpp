#include <doctest/doctest.h>

#include <sstream>

#include "hawser/crypto/keys.h"
#include "hawser/wire/reader.h"
#include "hawser/wire/writer.h"
#include "signature_form.h"
#include "sshsig.h"
#include "support/flip.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

struct SignedWith {
  const char* file;
  const char* row;
};

constexpr SignedWith signed_with[] = {{"ed25519", "ssh-ed25519"},
                                      {"ecdsa_256", "ecdsa-sha2-nistp256"},
                                      {"ecdsa_384", "ecdsa-sha2-nistp384"},
                                      {"ecdsa_521", "ecdsa-sha2-nistp521"},
                                      {"rsa_2048", "rsa-sha2-512"}};

Bytes content_of(const ByteVector& signature) {
  wire::Reader reader(signature);
  reader.string();
  return reader.string();
}

ByteVector ecdsa_content(Bytes r, Bytes s) {
  ByteVector content;
  wire::append_string(content, r);
  wire::append_string(content, s);
  return content;
}

Errc verdict(const PublicKey& key, std::string_view row, Bytes data, Bytes signature) {
  const auto verified = key.verify(*find_signature(row), data, signature);
  return verified ? Errc::ok : verified.error().code();
}

}  // namespace

TEST_CASE("signatures: those that ssh-keygen makes verify, and not for other data") {
  for (const SignedWith& with : signed_with) {
    const char* const file = with.file;
    const char* const row = with.row;
    CAPTURE(file);
    const SshSig sshsig = read_sshsig(file);
    const auto key = PublicKey::from_blob(sshsig.public_key);
    REQUIRE(key);
    CHECK(verdict(*key, row, sshsig.signed_data, sshsig.signature) == Errc::ok);
    ByteVector other = sshsig.signed_data;
    other.back() ^= 1;
    CHECK(verdict(*key, row, other, sshsig.signature) == Errc::bad_signature);
    CHECK(verdict(*key, row, Bytes(), sshsig.signature) == Errc::bad_signature);
  }
}

TEST_CASE("signatures: RSA signatures made by OpenSSL verify with their own hash only (RFC 8332 §3)") {
  const auto key = PublicKey::from_text(vector_text("keys/rsa_pem.pub"));
  REQUIRE(key);
  const Bytes data = as_bytes("hawser signature test");
  const ByteVector sha256 = from_hex(vector_text("keys/rsa_pem.sha256.hex"));
  const ByteVector sha512 = from_hex(vector_text("keys/rsa_pem.sha512.hex"));
  CHECK(verdict(*key, "rsa-sha2-256", data, signature_of("rsa-sha2-256", sha256)) == Errc::ok);
  CHECK(verdict(*key, "rsa-sha2-512", data, signature_of("rsa-sha2-512", sha512)) == Errc::ok);
  CHECK(verdict(*key, "rsa-sha2-256", data, signature_of("rsa-sha2-256", sha512)) == Errc::bad_signature);
  CHECK(verdict(*key, "rsa-sha2-512", data, signature_of("rsa-sha2-512", sha256)) == Errc::bad_signature);
  // The name inside must be the algorithm that was agreed on, also where the signature itself is right.
  CHECK(verdict(*key, "rsa-sha2-512", data, signature_of("rsa-sha2-256", sha256)) == Errc::bad_signature);
  CHECK(verdict(*key, "rsa-sha2-256", data, signature_of("rsa-sha2-512", sha512)) == Errc::bad_signature);
  CHECK(verdict(*key, "rsa-sha2-256", data, signature_of("ssh-rsa", sha256)) == Errc::bad_signature);
}

TEST_CASE(
    "signatures: RSA padding is compared, not parsed: one encoding of a hash is right, others are not (RFC 8332 "
    "§5.3)") {
  const auto key = PublicKey::from_text(vector_text("keys/rsa_pem.pub"));
  REQUIRE(key);
  std::istringstream lines(vector_text("keys/rsa_pem.forged.txt"));
  std::size_t count = 0;
  for (std::string name, hex; lines >> name >> hex; ++count) {
    CAPTURE(name);
    const ByteVector signature = signature_of("rsa-sha2-256", from_hex(hex));
    const Errc expected = name == "right" ? Errc::ok : Errc::bad_signature;
    CHECK(verdict(*key, "rsa-sha2-256", as_bytes("hawser signature test"), signature) == expected);
  }
  CHECK(count == 11);
}

TEST_CASE("[CVE-2026-16516] signatures: a key verifies with the algorithms of its own type only") {
  for (const SignedWith& with : signed_with) {
    const char* const file = with.file;
    const char* const row = with.row;
    const SshSig sshsig = read_sshsig(file);
    const auto key = PublicKey::from_blob(sshsig.public_key);
    REQUIRE(key);
    for (const SignatureRow& other : signature_rows()) {
      if (other.name == row) continue;
      CHECK(verdict(*key, other.name, sshsig.signed_data, sshsig.signature) == Errc::bad_signature);
      CHECK(verdict(*key, other.name, sshsig.signed_data, signature_of(other.name, content_of(sshsig.signature))) ==
            Errc::bad_signature);
      CHECK(key->can_verify(other) == (key->type() == other.key_type));
    }
  }
}

TEST_CASE("signatures: any bit wrong, any byte missing or added is refused") {
  for (const SignedWith& with : signed_with) {
    const char* const file = with.file;
    const char* const row = with.row;
    CAPTURE(file);
    const SshSig sshsig = read_sshsig(file);
    const auto key = PublicKey::from_blob(sshsig.public_key);
    REQUIRE(key);
    for_each_bit_flip(sshsig.signature, [&](Bytes damaged, std::size_t bit) {
      CAPTURE(bit);
      CHECK(verdict(*key, row, sshsig.signed_data, damaged) == Errc::bad_signature);
    });
    for_each_truncation(sshsig.signature,
                        [&](Bytes cut) { CHECK(verdict(*key, row, sshsig.signed_data, cut) == Errc::bad_signature); });
    ByteVector longer = sshsig.signature;
    longer.push_back(0);
    CHECK(verdict(*key, row, sshsig.signed_data, longer) == Errc::bad_signature);
    ByteVector content = to_vector(content_of(sshsig.signature));
    content.push_back(0);
    CHECK(verdict(*key, row, sshsig.signed_data, signature_of(row, content)) == Errc::bad_signature);
    CHECK(verdict(*key, row, sshsig.signed_data, signature_of(row, Bytes())) == Errc::bad_signature);
  }
}

TEST_CASE(
    "signatures: the numbers of an ecdsa signature are positive, in shortest form and below the order (RFC 5656 "
    "§3.1.2)") {
  const SshSig sshsig = read_sshsig("ecdsa_256");
  const auto key = PublicKey::from_blob(sshsig.public_key);
  REQUIRE(key);
  const Bytes content = content_of(sshsig.signature);
  wire::Reader reader(content);
  const ByteVector r = to_vector(reader.string()), s = to_vector(reader.string());
  const auto with = [&](Bytes first, Bytes second) {
    return verdict(*key, "ecdsa-sha2-nistp256", sshsig.signed_data,
                   signature_of("ecdsa-sha2-nistp256", ecdsa_content(first, second)));
  };
  CHECK(with(r, s) == Errc::ok);
  const ByteVector order = "00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"_hex;
  ByteVector padded = r;
  padded.insert(padded.begin(), 0);
  for (const ByteVector& bad :
       {ByteVector(), ByteVector{0}, ByteVector{0xff}, padded, order, ByteVector(33, 0x7f), ByteVector(64, 0x11)}) {
    CHECK(with(bad, s) == Errc::bad_signature);
    CHECK(with(r, bad) == Errc::bad_signature);
    CHECK(with(bad, bad) == Errc::bad_signature);
  }
}

TEST_CASE("signatures: an ed25519 signature whose S is not reduced is refused (RFC 8032 §5.1.7)") {
  const SshSig sshsig = read_sshsig("ed25519");
  const auto key = PublicKey::from_blob(sshsig.public_key);
  REQUIRE(key);
  // S + L is the same number modulo the order L of the group.
  const ByteVector group_order = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"_hex;
  ByteVector content = to_vector(content_of(sshsig.signature));
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += content[32 + i] + unsigned{group_order[i]};
    content[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  REQUIRE(carry == 0);
  CHECK(verdict(*key, "ssh-ed25519", sshsig.signed_data, signature_of("ssh-ed25519", content)) == Errc::bad_signature);
}
