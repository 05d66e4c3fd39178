#include <doctest/doctest.h>

#include "hawser/crypto/keys.h"
#include "hawser/wire/writer.h"
#include "support/flip.h"
#include "vectors.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

struct KeyFile {
  const char* name;
  KeyType type;
  std::size_t bits;
};

constexpr KeyFile key_files[] = {
    {"ed25519", KeyType::ed25519, 256},      {"ecdsa_256", KeyType::ecdsa_p256, 256},
    {"ecdsa_384", KeyType::ecdsa_p384, 384}, {"ecdsa_521", KeyType::ecdsa_p521, 521},
    {"rsa_2048", KeyType::rsa, 2048},        {"rsa_3072", KeyType::rsa, 3072},
};

std::string public_text(const KeyFile& file) { return vector_text(std::string("keys/") + file.name + ".pub"); }

PublicKey public_key(const KeyFile& file) {
  auto key = PublicKey::from_text(public_text(file));
  REQUIRE(key);
  return *key;
}

Errc error_of(Bytes blob) {
  const auto key = PublicKey::from_blob(blob);
  return key ? Errc::ok : key.error().code();
}

template <class... Fields>
ByteVector blob_of(std::string_view type, const Fields&... fields) {
  ByteVector blob;
  wire::append_string(blob, type);
  (wire::append_string(blob, Bytes(fields)), ...);
  return blob;
}

// An odd number of `bits` bits, as the content of an mpint.
ByteVector odd_number(std::size_t bits) {
  ByteVector number((bits + 7) / 8, 0x55);
  number.front() = static_cast<std::uint8_t>(1u << ((bits - 1) % 8));
  number.back() |= 1;
  return wire::mpint_content(number);
}

}  // namespace

TEST_CASE("public key: the .pub files of ssh-keygen give type, size and the same text again") {
  for (const KeyFile& file : key_files) {
    CAPTURE(file.name);
    const PublicKey key = public_key(file);
    CHECK(key.type() == file.type);
    CHECK(key.bits() == file.bits);
    const std::string text = public_text(file);
    CHECK(key.blob_type() == text.substr(0, text.find(' ')));
    CHECK(key.text(std::string("hawser test ") + file.name) + "\n" == text);
    CHECK(key.text() == text.substr(0, text.find(" hawser")));
    const auto again = PublicKey::from_blob(key.blob());
    REQUIRE(again);
    CHECK(*again == key);
  }
}

TEST_CASE("public key: fingerprints are those that ssh-keygen -l prints") {
  std::size_t compared = 0;
  for (const auto& line : vector_table("keys/fingerprints.txt")) {
    const auto key = PublicKey::from_text(vector_text("keys/" + line.at(0)));
    REQUIRE(key);
    CHECK(key->fingerprint() == line.at(1));
    ++compared;
  }
  CHECK(compared == 8);
}

TEST_CASE("[CVE-2026-67276, CVE-2026-103059] public key: keys are equal when all bytes are, and differ otherwise") {
  for (const KeyFile& a : key_files) {
    for (const KeyFile& b : key_files) CHECK((public_key(a) == public_key(b)) == (a.name == b.name));
  }
  const auto with_exponent = [](std::uint8_t last) {
    return *PublicKey::from_blob(blob_of("ssh-rsa", ByteVector{1, 0, last}, odd_number(2048)));
  };
  CHECK(with_exponent(1) == with_exponent(1));
  CHECK_FALSE(with_exponent(1) == with_exponent(3));
}

TEST_CASE("public key: text needs the type, the base64 and that both agree") {
  const std::string text = public_text(key_files[0]);
  const std::string base64 = text.substr(12, text.find(" hawser") - 12);
  CHECK(PublicKey::from_text("  ssh-ed25519\t" + base64 + "\r\n"));
  CHECK(PublicKey::from_text("ssh-ed25519 " + base64 + " a comment with blanks"));
  for (const std::string& line :
       {std::string(), std::string("ssh-ed25519"), std::string("ssh-ed25519 "), base64, "ssh-rsa " + base64,
        "ssh-ed25519 " + base64.substr(1), "ssh-ed25519 " + base64 + "=", "ssh-ed25519 !" + base64}) {
    CAPTURE(line);
    const auto key = PublicKey::from_text(line);
    REQUIRE_FALSE(key);
    CHECK(key.error().code() == Errc::bad_key);
  }
}

TEST_CASE(
    "public key: a blob cut at any byte is truncated, and one with a byte more has trailing bytes (RFC 4253 §6.6)") {
  for (const KeyFile& file : key_files) {
    CAPTURE(file.name);
    const ByteVector blob = to_vector(public_key(file).blob());
    for_each_truncation(blob, [](Bytes cut) { CHECK(error_of(cut) == Errc::truncated); });
    ByteVector longer = blob;
    longer.push_back(0);
    CHECK(error_of(longer) == Errc::trailing_bytes);
  }
}

TEST_CASE("public key: types that are not known are unsupported") {
  for (const std::string_view type :
       {"", "ssh-dss", "ssh-ed25519-cert-v01@openssh.com", "rsa-sha2-256", "ssh-ed25519 ", "SSH-RSA"}) {
    CHECK(error_of(blob_of(type, ByteVector(32))) == Errc::unsupported);
  }
}

TEST_CASE("public key: an ed25519 key has 32 bytes (RFC 8709 §4)") {
  for (const std::size_t size : {0u, 31u, 33u, 64u})
    CHECK(error_of(blob_of("ssh-ed25519", ByteVector(size, 1))) == Errc::bad_key);
}

TEST_CASE("public key: an ecdsa key names the curve of its type and has a valid uncompressed point (RFC 5656 §3.1)") {
  const PublicKey p256 = public_key(key_files[1]);
  const ByteVector point = to_vector(p256.blob().last(65));
  const std::string_view type = "ecdsa-sha2-nistp256";
  const Bytes curve = as_bytes("nistp256");
  CHECK(error_of(blob_of(type, curve, point)) == Errc::ok);
  CHECK(error_of(blob_of(type, as_bytes("nistp384"), point)) == Errc::bad_key);
  CHECK(error_of(blob_of(type, as_bytes(""), point)) == Errc::bad_key);
  CHECK(error_of(blob_of("ecdsa-sha2-nistp384", curve, point)) == Errc::bad_key);
  CHECK(error_of(blob_of("ecdsa-sha2-nistp384", as_bytes("nistp384"), point)) == Errc::bad_key);
  CHECK(error_of(blob_of(type, curve, ByteVector{0})) == Errc::bad_key);  // infinity
  CHECK(error_of(blob_of(type, curve, ByteVector())) == Errc::bad_key);
  CHECK(error_of(blob_of(type, curve, ByteVector(65))) == Errc::bad_key);
  ByteVector compressed(point.begin(), point.begin() + 33);
  compressed[0] = static_cast<std::uint8_t>(2 + (point[64] & 1));
  CHECK(error_of(blob_of(type, curve, compressed)) == Errc::bad_key);
  for_each_bit_flip(
      point, [&](Bytes damaged, std::size_t) { CHECK(error_of(blob_of(type, curve, damaged)) == Errc::bad_key); });
}

TEST_CASE("[CVE-2026-39829] public key: rsa keys have 2048 to 16384 bits and an odd exponent of 2 to 64 bits") {
  const ByteVector e{1, 0, 1};
  const auto with_modulus = [&](std::size_t bits) { return blob_of("ssh-rsa", e, odd_number(bits)); };
  for (const std::size_t bits : {2048u, 2049u, 4096u, 16384u}) CHECK(error_of(with_modulus(bits)) == Errc::ok);
  for (const std::size_t bits : {1u, 512u, 1024u, 2047u, 16385u, 16392u, 65536u, 1000000u})
    CHECK(error_of(with_modulus(bits)) == Errc::bad_key);

  const ByteVector n = odd_number(2048);
  const auto with_exponent = [&](const ByteVector& exponent) { return blob_of("ssh-rsa", exponent, n); };
  for (const std::size_t bits : {2u, 17u, 63u, 64u}) CHECK(error_of(with_exponent(odd_number(bits))) == Errc::ok);
  for (const std::size_t bits : {1u, 65u, 72u, 2048u})
    CHECK(error_of(with_exponent(odd_number(bits))) == Errc::bad_key);
  for (const ByteVector& even : {ByteVector{}, ByteVector{2}, ByteVector{1, 0, 0}})
    CHECK(error_of(with_exponent(even)) == Errc::bad_key);
  ByteVector even_modulus = n;
  even_modulus.back() = 0x54;
  CHECK(error_of(blob_of("ssh-rsa", e, even_modulus)) == Errc::bad_key);
}

TEST_CASE("public key: rsa numbers are positive and in their shortest form (RFC 4251 §5)") {
  const ByteVector e{1, 0, 1}, n = odd_number(2048);
  CHECK(error_of(blob_of("ssh-rsa", ByteVector{0, 1, 0, 1}, n)) == Errc::bad_key);
  CHECK(error_of(blob_of("ssh-rsa", ByteVector{0x81}, n)) == Errc::bad_key);
  ByteVector padded = n, negative = n;
  padded.insert(padded.begin(), 0);
  negative.erase(negative.begin());
  CHECK(error_of(blob_of("ssh-rsa", e, padded)) == Errc::bad_key);
  CHECK(error_of(blob_of("ssh-rsa", e, negative)) == Errc::bad_key);
}
