#include <doctest/doctest.h>

#include "hawser/crypto/hash.h"
#include "hawser/crypto/keys.h"
#include "hawser/wire/reader.h"
#include "hawser/wire/writer.h"
#include "scripted_random.h"
#include "sshsig.h"
#include "support/flip.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

const std::string key_names[] = {"ed25519", "ecdsa_256", "ecdsa_384", "ecdsa_521", "rsa_2048", "rsa_3072"};

std::string file_text(const std::string& name) { return vector_text("keys/" + name); }

std::string armored(Bytes file) {
  return "-----BEGIN OPENSSH PRIVATE KEY-----\n" + base64_encode(file) + "\n-----END OPENSSH PRIVATE KEY-----\n";
}

Errc parse_error(std::string_view text) {
  const auto key = PrivateKey::from_text(text);
  return key ? Errc::ok : key.error().code();
}

// The file in its parts, to be put together again with one of them changed.
struct Parts {
  std::string cipher, kdf, kdf_options;
  std::uint32_t count;
  ByteVector public_blob, section;
  std::size_t section_start;

  explicit Parts(const std::string& name) {
    const ByteVector file = remove_armor(file_text(name));
    wire::Reader reader(file);
    reader.raw(15);
    cipher = reader.text();
    kdf = reader.text();
    kdf_options = reader.text();
    count = reader.uint32();
    public_blob = to_vector(reader.string());
    section = to_vector(reader.string());
    REQUIRE(reader.finish());
    section_start = file.size() - section.size();
  }

  ByteVector file() const {
    ByteVector bytes = to_vector(as_bytes(std::string_view("openssh-key-v1", 15)));
    wire::append_string(bytes, cipher);
    wire::append_string(bytes, kdf);
    wire::append_string(bytes, kdf_options);
    wire::append_uint32(bytes, count);
    wire::append_string(bytes, public_blob);
    wire::append_string(bytes, section);
    return bytes;
  }

  std::size_t padding_size() const {
    const std::size_t last = section.back();
    return last < 8 ? last : 0;
  }
};

}  // namespace

TEST_CASE("openssh-key-v1: files of ssh-keygen give the key of their .pub file and their comment") {
  for (const std::string& name : key_names) {
    CAPTURE(name);
    const auto key = PrivateKey::from_text(file_text(name));
    REQUIRE(key);
    const auto public_key = PublicKey::from_text(file_text(name + ".pub"));
    REQUIRE(public_key);
    CHECK(key->public_key() == *public_key);
    CHECK(key->comment() == "hawser test " + name);
  }
}

TEST_CASE("openssh-key-v1: what is written is, but for the check number, the file that ssh-keygen wrote") {
  for (const std::string& name : key_names) {
    CAPTURE(name);
    const auto key = PrivateKey::from_text(file_text(name));
    REQUIRE(key);
    ScriptedRandom check_number(to_vector(Bytes(Parts(name).section).first(4)));
    CHECK(key->to_openssh(check_number) == file_text(name));
  }
}

TEST_CASE("openssh-key-v1: a key that was generated is read back, with every length of comment and so of padding") {
  FixedRandom random;
  for (const KeyType type : {KeyType::ed25519, KeyType::ecdsa_p256, KeyType::rsa}) {
    const auto key = PrivateKey::generate(type, random, 2048);
    REQUIRE(key);
    for (std::size_t size = 0; size <= 8; ++size) {
      const std::string comment(size, 'c');
      const auto again = PrivateKey::from_text(key->to_openssh(random, comment));
      REQUIRE(again);
      CHECK(again->public_key() == key->public_key());
      CHECK(again->comment() == comment);
    }
  }
}

TEST_CASE("openssh-key-v1: CR LF line ends and blank lines behind are accepted, other text around is not") {
  const std::string text = file_text("ed25519");
  std::string crlf;
  for (const char c : text) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(parse_error(crlf) == Errc::ok);
  CHECK(parse_error(text + "\n \r\n") == Errc::ok);
  CHECK(parse_error(text.substr(0, text.size() - 1)) == Errc::ok);
  CHECK(parse_error(text + "x") == Errc::bad_key);
  CHECK(parse_error("x" + text) == Errc::bad_key);
  CHECK(parse_error("") == Errc::bad_key);
  CHECK(parse_error("-----BEGIN OPENSSH PRIVATE KEY-----") == Errc::bad_key);
  CHECK(parse_error(text.substr(0, text.size() - 10)) == Errc::bad_key);
  CHECK(parse_error("-----BEGIN OPENSSH PRIVATE KEY-----\n!!!!\n-----END OPENSSH PRIVATE KEY-----\n") == Errc::bad_key);
}

TEST_CASE("[CVE-2022-45047] openssh-key-v1: a label is no proof: the content must be of its form") {
  std::string text = file_text("rsa_pem");
  for (std::size_t at = text.find("RSA"); at != std::string::npos; at = text.find("RSA")) {
    text.replace(at, 3, "OPENSSH");
  }
  CHECK(parse_error(text) == Errc::bad_key);
}

TEST_CASE("openssh-key-v1: a file cut at any byte, or with one more, is a bad key") {
  for (const std::string name : {"ed25519", "ecdsa_256"}) {
    const ByteVector file = Parts(name).file();
    CHECK(parse_error(armored(file)) == Errc::ok);
    for_each_truncation(file, [](Bytes cut) { CHECK(parse_error(armored(cut)) == Errc::bad_key); });
    ByteVector longer = file;
    longer.push_back(1);
    CHECK(parse_error(armored(longer)) == Errc::bad_key);
  }
}

TEST_CASE("[CVE-2016-7407, CVE-2022-45047] openssh-key-v1: any bit wrong outside the comment is an error") {
  for (const std::string name : {"ed25519", "ecdsa_256"}) {
    CAPTURE(name);
    const Parts parts(name);
    const ByteVector file = parts.file();
    const std::string comment = "hawser test " + name;
    const std::size_t comment_end = file.size() - parts.padding_size();
    for_each_bit_flip(file, [&](Bytes damaged, std::size_t bit) {
      CAPTURE(bit);
      if (bit / 8 < comment_end && bit / 8 >= comment_end - comment.size()) return;
      const Errc error = parse_error(armored(damaged));
      CHECK((error == Errc::bad_key || error == Errc::unsupported));
    });
  }
}

TEST_CASE("openssh-key-v1: the numbers of an rsa key belong together") {
  // One bit in each of n, e, d, iqmp, p and q, near their ends.
  const Parts original("rsa_2048");
  wire::Reader reader(original.section);
  reader.raw(8);
  reader.string();
  for (int field = 0; field < 6; ++field) {
    CAPTURE(field);
    reader.string();
    REQUIRE(reader.ok());
    Parts parts = original;
    parts.section[reader.position() - 1] ^= 4;
    CHECK(parse_error(armored(parts.file())) == Errc::bad_key);
  }
}

TEST_CASE("openssh-key-v1: header, check numbers, padding and both copies of the public key are checked") {
  const Parts good("ed25519");
  const auto changed = [&](auto change) {
    Parts parts = good;
    change(parts);
    return parse_error(armored(parts.file()));
  };
  CHECK(changed([](Parts&) {}) == Errc::ok);
  CHECK(changed([](Parts& p) { p.kdf = "bcrypt"; }) == Errc::bad_key);
  CHECK(changed([](Parts& p) { p.kdf_options = "x"; }) == Errc::bad_key);
  CHECK(changed([](Parts& p) { p.count = 0; }) == Errc::bad_key);
  CHECK(changed([](Parts& p) { p.count = 2; }) == Errc::bad_key);
  CHECK(changed([](Parts& p) { p.cipher = "aes256-ctr"; }) == Errc::unsupported);
  CHECK(changed([](Parts& p) { p.section[0] ^= 1; }) == Errc::bad_key);
  CHECK(changed([](Parts& p) { p.public_blob = Parts("ecdsa_256").public_blob; }) == Errc::bad_key);
  CHECK(changed([](Parts& p) { p.public_blob.clear(); }) == Errc::bad_key);
  CHECK(changed([](Parts& p) { p.section.push_back(1); }) == Errc::bad_key);
  CHECK(changed([](Parts& p) {
          // Right bytes, but a whole block too many of them.
          for (std::size_t i = 0; i < 8; ++i) p.section.push_back(static_cast<std::uint8_t>(p.padding_size() + 1 + i));
        }) == Errc::bad_key);
  REQUIRE(good.padding_size() > 0);
  CHECK(changed([](Parts& p) { p.section.back() = 0; }) == Errc::bad_key);
  CHECK(changed([](Parts& p) { p.section.pop_back(); }) == Errc::bad_key);
}
