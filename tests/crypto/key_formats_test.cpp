// Private key files in all their forms, as ssh-keygen and OpenSSL write them.
#include <doctest/doctest.h>

#include <filesystem>

#include "hawser/crypto/hash.h"
#include "hawser/crypto/keys.h"
#include "hawser/wire/writer.h"
#include "sshsig.h"
#include "support/fixed_random.h"
#include "support/flip.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

const SecretBytes right(as_bytes("passphrase"));
const SecretBytes wrong(as_bytes("Passphrase"));

struct FormatFile {
  std::string name;
  std::string text;
  bool encrypted;

  PublicKey public_key() const {
    const auto key = PublicKey::from_text(vector_text("keys/" + name.substr(0, name.find('.')) + ".pub"));
    REQUIRE(key);
    return *key;
  }
};

// Of tests/data/vectors/key_files; whether one is encrypted is told by its text, or by the third part of its name.
std::vector<FormatFile> format_files() {
  std::vector<FormatFile> files;
  for (const auto& entry : std::filesystem::directory_iterator(vector_path("key_files"))) {
    if (!entry.is_regular_file()) continue;
    const std::string name = entry.path().filename();
    const std::string text = vector_text("key_files/" + name);
    files.push_back(
        {name, text, name.find(".openssh.") != std::string::npos || text.find("ENCRYPTED") != std::string::npos});
  }
  return files;
}

Errc error_of(const Result<PrivateKey>& key) { return key ? Errc::ok : key.error().code(); }
Errc error_of(std::string_view text, const SecretBytes* passphrase = nullptr) {
  return error_of(PrivateKey::from_text(text, passphrase));
}

std::string armored(const std::string& label, Bytes body) {
  return "-----BEGIN " + label + "-----\n" + base64_encode(body) + "\n-----END " + label + "-----\n";
}

// DER (ITU-T X.690): a tag, a length of at most two bytes, what is inside.
ByteVector der(std::uint8_t tag, const std::vector<ByteVector>& parts) {
  ByteVector content;
  for (const ByteVector& part : parts) content.insert(content.end(), part.begin(), part.end());
  ByteVector all{tag};
  const std::size_t size = content.size();
  if (size >= 128) all.push_back(size < 256 ? 0x81 : 0x82);
  if (size >= 256) all.push_back(static_cast<std::uint8_t>(size >> 8));
  all.push_back(static_cast<std::uint8_t>(size));
  all.insert(all.end(), content.begin(), content.end());
  return all;
}
ByteVector sequence(const std::vector<ByteVector>& parts) { return der(0x30, parts); }
ByteVector octets(const ByteVector& bytes) { return der(0x04, {bytes}); }
ByteVector integer(std::uint64_t value) {
  ByteVector bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
  while (bytes.size() > 1 && bytes[0] == 0 && bytes[1] < 128) bytes.erase(bytes.begin());
  return der(0x02, {bytes});
}

const ByteVector pbkdf2_oid = from_hex("06092a864886f70d01050c");
const ByteVector scrypt_oid = from_hex("06092b06010401da47040b");
const ByteVector aes_256_cbc_oid = from_hex("060960864801650304012a");

// An EncryptedPrivateKeyInfo with nothing true in it.
std::string pbes2(const ByteVector& derivation, const ByteVector& cipher_oid = aes_256_cbc_oid) {
  const ByteVector pbes2_oid = from_hex("06092a864886f70d01050d");
  const ByteVector scheme = sequence({cipher_oid, octets(ByteVector(16))});
  return armored("ENCRYPTED PRIVATE KEY",
                 sequence({sequence({pbes2_oid, sequence({derivation, scheme})}), octets(ByteVector(64))}));
}
std::string pbkdf2(std::uint64_t iterations) {
  return pbes2(sequence({pbkdf2_oid, sequence({octets(ByteVector(8)), integer(iterations)})}));
}
std::string scrypt(std::uint64_t n, std::uint64_t r, std::uint64_t p) {
  return pbes2(sequence({scrypt_oid, sequence({octets(ByteVector(8)), integer(n), integer(r), integer(p)})}));
}

// A file of ssh-keygen's with other options of bcrypt.
std::string with_bcrypt(const ByteVector& salt, std::uint32_t rounds) {
  const ByteVector file = remove_armor(vector_text("key_files/ed25519.openssh.aes256-ctr"));
  wire::Reader reader(file);
  ByteVector changed = to_vector(reader.raw(15));
  wire::append_string(changed, reader.text());
  wire::append_string(changed, reader.text());
  reader.string();
  ByteVector options;
  wire::append_string(options, salt);
  wire::append_uint32(options, rounds);
  wire::append_string(changed, options);
  const Bytes rest = reader.rest();
  changed.insert(changed.end(), rest.begin(), rest.end());
  return armored("OPENSSH PRIVATE KEY", changed);
}

}  // namespace

TEST_CASE("key formats: every file of ssh-keygen and OpenSSL gives the key it was made from") {
  std::size_t encrypted = 0;
  const std::vector<FormatFile> files = format_files();
  for (const FormatFile& file : files) {
    CAPTURE(file.name);
    encrypted += file.encrypted;
    const auto key = PrivateKey::from_text(file.text, &right);
    REQUIRE_MESSAGE(key, (key ? std::string() : key.error().message()));
    CHECK(key->public_key() == file.public_key());
    CHECK(error_of(file.text) == (file.encrypted ? Errc::passphrase_required : Errc::ok));
    // Where nothing is encrypted nobody asks.
    CHECK(error_of(file.text, &wrong) == (file.encrypted ? Errc::wrong_passphrase : Errc::ok));
  }
  CHECK(files.size() == 42);
  CHECK(encrypted == 32);
}

TEST_CASE("key formats: an encrypted openssh-key-v1 file keeps its comment") {
  const auto key = PrivateKey::from_text(vector_text("key_files/ed25519.openssh.aes256-ctr"), &right);
  REQUIRE(key);
  CHECK(key->comment() == "hawser test ed25519");
}

TEST_CASE("key formats: passphrases are bytes, and each one counts; an empty one is a wrong one") {
  for (const std::string name : {"ed25519.openssh.aes256-ctr", "ecdsa_256.pem.aes128", "ed25519.pkcs8.aes256"}) {
    CAPTURE(name);
    const std::string text = vector_text("key_files/" + name);
    for (const std::string_view other : {"", "passphras", "passphrase ", "passphrase\n"}) {
      CAPTURE(other);
      const SecretBytes passphrase(as_bytes(other));
      CHECK(error_of(text, &passphrase) == Errc::wrong_passphrase);
    }
  }
}

TEST_CASE("key formats: CR LF line ends are accepted in each of them") {
  for (const std::string name : {"ecdsa_256.pem.aes128", "ecdsa_256.pkcs8", "ecdsa_256.pem.parameters"}) {
    CAPTURE(name);
    std::string crlf;
    for (const char c : vector_text("key_files/" + name)) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
    CHECK(error_of(crlf, &right) == Errc::ok);
  }
}

TEST_CASE("key formats: what is no private key is a bad key; other forms, ciphers and types are unsupported") {
  for (const std::string text :
       {"", "hello", "-----", "-----BEGIN ", "-----BEGIN PRIVATE KEY", "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n-----END RSA KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n-----END RSA PRIVATE KEY-----\n"}) {
    CAPTURE(text);
    CHECK(error_of(text, &right) == Errc::bad_key);
  }
  CHECK(error_of(vector_text("keys/ed25519.pub")) == Errc::bad_key);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(vector_path("key_files/unsupported"))) {
    const std::string name = entry.path().filename();
    CAPTURE(name);
    ++files;
    const Errc error = error_of(vector_text("key_files/unsupported/" + name), &right);
    CHECK(error == (name == "rsa_1024" ? Errc::bad_key : Errc::unsupported));
  }
  CHECK(files == 9);
  CHECK(error_of("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,CLEAR\n\n-----END RSA PRIVATE KEY-----\n") ==
        Errc::unsupported);
  // As large as a file may be.
  const std::string text = vector_text("key_files/ecdsa_256.pem");
  CHECK(error_of(text + std::string(64 * 1024 - text.size(), '\n')) == Errc::ok);
  CHECK(error_of(text + std::string(64 * 1024 + 1 - text.size(), '\n')) == Errc::bad_key);
}

TEST_CASE("key formats: a DEK-Info that does not fit its cipher is refused") {
  const auto with_dek_info = [](const std::string& value) {
    return error_of("-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: " + value +
                        "\n\nAAAAAAAAAAAAAAAAAAAAAA==\n-----END EC PRIVATE KEY-----\n",
                    &right);
  };
  CHECK(with_dek_info("AES-128-CBC,5A6A08952DB4494F5E3A10A3E3249251") == Errc::wrong_passphrase);
  CHECK(with_dek_info("AES-128-CBC,5A6A08952DB4494F5E3A10A3E324925") == Errc::bad_key);
  CHECK(with_dek_info("AES-128-CBC,5A6A08952DB4494F") == Errc::bad_key);
  CHECK(with_dek_info("AES-128-CBC,5A6A08952DB4494F5E3A10A3E324925X") == Errc::bad_key);
  CHECK(with_dek_info("AES-128-CBC") == Errc::bad_key);
  CHECK(with_dek_info("") == Errc::bad_key);
  CHECK(with_dek_info("AES-128-GCM,5A6A08952DB4494F5E3A10A3E3249251") == Errc::unsupported);
}

TEST_CASE("key formats: a text cut at any character is an error") {
  for (const std::string name :
       {"ecdsa_256.pem.aes128", "ecdsa_256.pkcs8", "ed25519.pkcs8.aes256", "ed25519.openssh.chacha20-poly1305"}) {
    CAPTURE(name);
    const std::string text = vector_text("key_files/" + name);
    for (std::size_t size = 0; size + 1 < text.size(); ++size) {
      if (error_of(text.substr(0, size), &right) != Errc::bad_key) FAIL("cut at ", size);
    }
  }
}

TEST_CASE("key formats: content cut at any byte, or with one more, is an error") {
  struct Row {
    const char* name;
    const char* label;
  };
  for (const Row& row : {Row{"ecdsa_256.pem", "EC PRIVATE KEY"}, Row{"ecdsa_256.pkcs8", "PRIVATE KEY"},
                         Row{"ed25519.pkcs8", "PRIVATE KEY"}, Row{"ed25519.pkcs8.aes256", "ENCRYPTED PRIVATE KEY"},
                         Row{"ed25519.openssh.aes256-ctr", "OPENSSH PRIVATE KEY"},
                         Row{"ed25519.openssh.aes256-gcm", "OPENSSH PRIVATE KEY"}}) {
    CAPTURE(row.name);
    const ByteVector body = remove_armor(vector_text(std::string("key_files/") + row.name));
    CHECK(error_of(armored(row.label, body), &right) == Errc::ok);
    for_each_truncation(body, [&](Bytes cut) { CHECK(error_of(armored(row.label, cut), &right) == Errc::bad_key); });
    ByteVector longer = body;
    longer.push_back(0);
    CHECK(error_of(armored(row.label, longer), &right) == Errc::bad_key);
  }
}

TEST_CASE("key formats: no bit that is wrong gives another key than the file's") {
  struct Row {
    const char* name;
    const char* label;
  };
  // In both the private value and its public key stand.
  for (const Row& row : {Row{"ecdsa_256.pem", "EC PRIVATE KEY"}, Row{"ecdsa_256.pkcs8", "PRIVATE KEY"}}) {
    CAPTURE(row.name);
    const ByteVector body = remove_armor(vector_text(std::string("key_files/") + row.name));
    const auto original = PrivateKey::from_text(armored(row.label, body));
    REQUIRE(original);
    for_each_bit_flip(body, [&](Bytes damaged, std::size_t bit) {
      CAPTURE(bit);
      const auto key = PrivateKey::from_text(armored(row.label, damaged));
      CHECK((!key || key->public_key() == original->public_key()));
    });
  }
  // A tag finds every bit.
  const ByteVector sealed = remove_armor(vector_text("key_files/ed25519.openssh.aes256-gcm"));
  for (std::size_t from_end : {std::size_t{1}, std::size_t{16}, std::size_t{17}, std::size_t{40}}) {
    ByteVector damaged = sealed;
    damaged[damaged.size() - from_end] ^= 1;
    CHECK(error_of(armored("OPENSSH PRIVATE KEY", damaged), &right) == Errc::wrong_passphrase);
  }
}

TEST_CASE("key formats: a file cannot ask for more work than is allowed") {
  const ByteVector salt(16, 's');
  CHECK(error_of(with_bcrypt(salt, 4), &right) == Errc::wrong_passphrase);  // the salt is another one
  CHECK(error_of(with_bcrypt(salt, 0), &right) == Errc::bad_key);
  CHECK(error_of(with_bcrypt({}, 4), &right) == Errc::bad_key);
  CHECK(error_of(with_bcrypt(salt, 4097), &right) == Errc::unsupported);
  CHECK(error_of(with_bcrypt(salt, 0xffffffff), &right) == Errc::unsupported);

  CHECK(error_of(pbkdf2(1), &right) == Errc::wrong_passphrase);
  CHECK(error_of(pbkdf2(0), &right) == Errc::bad_key);
  CHECK(error_of(pbkdf2(10'000'001), &right) == Errc::unsupported);
  CHECK(error_of(pbkdf2(0xffffffff), &right) == Errc::unsupported);
  CHECK(error_of(pbkdf2(0x7fffffffffffffff), &right) == Errc::bad_key);

  CHECK(error_of(scrypt(16, 1, 1), &right) == Errc::wrong_passphrase);
  CHECK(error_of(scrypt(15, 1, 1), &right) == Errc::bad_key);
  CHECK(error_of(scrypt(0, 1, 1), &right) == Errc::bad_key);
  CHECK(error_of(scrypt(16, 0, 1), &right) == Errc::bad_key);
  CHECK(error_of(scrypt(16, 1, 0), &right) == Errc::bad_key);
  CHECK(error_of(scrypt(1 << 22, 1, 1), &right) == Errc::unsupported);
  CHECK(error_of(scrypt(16, 0x7fffffff, 1), &right) == Errc::unsupported);
  CHECK(error_of(scrypt(16, 1, 17), &right) == Errc::unsupported);
  // Little to mix, but 16 lanes of 128 MiB each.
  CHECK(error_of(scrypt(2, 1 << 20, 16), &right) == Errc::unsupported);
  // The passphrase is asked for only where it would be of use.
  CHECK(error_of(pbkdf2(10'000'001)) == Errc::unsupported);
}

TEST_CASE("key formats: PBES2 with another derivation or cipher is unsupported, with a wrong key length bad") {
  const ByteVector parameters = sequence({octets(ByteVector(8)), integer(1)});
  CHECK(error_of(pbes2(sequence({aes_256_cbc_oid, parameters})), &right) == Errc::unsupported);
  CHECK(error_of(pbes2(sequence({pbkdf2_oid, parameters}), pbkdf2_oid), &right) == Errc::unsupported);
  const auto with_key_length = [](std::uint64_t length) {
    return pbes2(sequence({pbkdf2_oid, sequence({octets(ByteVector(8)), integer(1), integer(length)})}));
  };
  CHECK(error_of(with_key_length(32), &right) == Errc::wrong_passphrase);
  CHECK(error_of(with_key_length(16), &right) == Errc::bad_key);
}

TEST_CASE("key formats: what is written encrypted is read with its passphrase only") {
  FixedRandom random;
  for (const KeyType type :
       {KeyType::ed25519, KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::rsa}) {
    const auto key = PrivateKey::generate(type, random, 2048);
    REQUIRE(key);
    for (std::size_t size = 1; size <= 3; ++size) {
      const std::string comment(size, 'c');
      const auto text = key->to_openssh_encrypted(random, right, comment, 1);
      REQUIRE(text);
      CHECK(text->find("aes256-ctr") == std::string::npos);  // it is in base64
      const auto again = PrivateKey::from_text(*text, &right);
      REQUIRE(again);
      CHECK(again->public_key() == key->public_key());
      CHECK(again->comment() == comment);
      CHECK(error_of(*text) == Errc::passphrase_required);
      CHECK(error_of(*text, &wrong) == Errc::wrong_passphrase);
    }
  }
}

TEST_CASE("key formats: the written file names cipher, bcrypt, a salt of its own and the rounds") {
  FixedRandom random;
  const auto key = PrivateKey::generate(KeyType::ed25519, random);
  REQUIRE(key);
  std::vector<ByteVector> salts;
  for (int i = 0; i < 2; ++i) {
    const auto text = key->to_openssh_encrypted(random, right, "comment", 3);
    REQUIRE(text);
    const ByteVector file = remove_armor(*text);
    wire::Reader reader(file);
    reader.raw(15);
    CHECK(reader.text() == "aes256-ctr");
    CHECK(reader.text() == "bcrypt");
    wire::Reader options(reader.string());
    salts.push_back(to_vector(options.string()));
    CHECK(options.uint32() == 3);
    CHECK(options.finish());
  }
  CHECK(salts[0].size() == 16);
  CHECK(salts[0] != salts[1]);
}

TEST_CASE("key formats: writing refuses an empty passphrase, and rounds that reading refuses") {
  FixedRandom random;
  const auto key = PrivateKey::generate(KeyType::ed25519, random);
  REQUIRE(key);
  const auto error = [&](const SecretBytes& passphrase, std::uint32_t rounds) {
    const auto text = key->to_openssh_encrypted(random, passphrase, {}, rounds);
    return text ? Errc::ok : text.error().code();
  };
  CHECK(error(SecretBytes(), 1) == Errc::invalid_argument);
  CHECK(error(right, 0) == Errc::invalid_argument);
  CHECK(error(right, 4097) == Errc::invalid_argument);
}

TEST_CASE("key formats: loading asks for a passphrase once, and only where the file is encrypted") {
  struct Asked {
    std::vector<std::string> paths;
    std::optional<std::string> answer;

    AskPassphrase callback() {
      return [this](const std::string& path) -> std::optional<SecretBytes> {
        paths.push_back(path);
        if (!answer) return std::nullopt;
        return SecretBytes(as_bytes(*answer));
      };
    }
  };
  const std::string plain = vector_path("key_files/ecdsa_256.pkcs8");
  const std::string encrypted = vector_path("key_files/ed25519.openssh.aes256-ctr");
  Asked asked;
  asked.answer = "passphrase";
  CHECK(load_private_key(plain, asked.callback()));
  CHECK(error_of(load_private_key(vector_path("keys/ed25519.pub"), asked.callback())) == Errc::bad_key);
  CHECK(asked.paths.empty());
  CHECK(load_private_key(encrypted, asked.callback()));
  CHECK(asked.paths == std::vector{encrypted});
  asked.answer = "wrong";
  CHECK(error_of(load_private_key(encrypted, asked.callback())) == Errc::wrong_passphrase);
  asked.answer.reset();
  CHECK(error_of(load_private_key(encrypted, asked.callback())) == Errc::passphrase_required);
  CHECK(asked.paths.size() == 3);
  CHECK(error_of(load_private_key(encrypted)) == Errc::passphrase_required);
}

TEST_CASE("key formats: saving with a passphrase encrypts, and refuses an empty one before there is a file") {
  const TemporaryDirectory folder;
  FixedRandom random;
  const auto key = PrivateKey::generate(KeyType::ed25519, random);
  REQUIRE(key);
  const std::string path = folder.path() + "/key";
  const SecretBytes empty;
  const auto refused = save_private_key(path, *key, random, "c", &empty);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == Errc::invalid_argument);
  CHECK_FALSE(std::filesystem::exists(path));
  REQUIRE(save_private_key(path, *key, random, "c", &right));
  CHECK(error_of(load_private_key(path)) == Errc::passphrase_required);
  const auto loaded =
      load_private_key(path, [](const std::string&) { return std::optional(SecretBytes(as_bytes("passphrase"))); });
  REQUIRE(loaded);
  CHECK(loaded->public_key() == key->public_key());
}
