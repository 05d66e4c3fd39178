// The openssh-key-v1 file (OpenSSH PROTOCOL.key):
//   "openssh-key-v1" NUL, string ciphername, string kdfname, string kdfoptions, uint32 1, string public key blob,
//   string (uint32 check, uint32 check, string type, fields, string comment, padding 1 2 3 …), tag
// The last string is encrypted; kdfoptions of bcrypt are string salt, uint32 rounds. The tag stands there where the
// cipher has one.
#include <algorithm>
#include <array>

#include "crypto/key_encryption.h"
#include "crypto/private_key_state.h"
#include "hawser/crypto/hash.h"
#include "hawser/wire/writer.h"

namespace hawser::crypto {

namespace {

constexpr std::string_view begin_line = "-----BEGIN OPENSSH PRIVATE KEY-----";
constexpr std::string_view end_line = "-----END OPENSSH PRIVATE KEY-----";
constexpr std::string_view magic{"openssh-key-v1", 15};  // its NUL included
constexpr std::string_view none_name = "none";
constexpr std::string_view bcrypt_name = "bcrypt";
constexpr std::size_t plain_block_size = 8;  // of the cipher "none"
constexpr std::size_t salt_size = 16;        // as ssh-keygen writes
constexpr std::size_t line_size = 70;

bool is_padding(Bytes padding, std::size_t block_size) {
  if (padding.size() >= block_size) return false;
  for (std::size_t i = 0; i < padding.size(); ++i) {
    if (padding[i] != i + 1) return false;
  }
  return true;
}

// The file's outer half.
struct KeyFile {
  const KeyFileCipher* cipher = nullptr;  // null: not encrypted
  BcryptOptions bcrypt;
  Bytes public_blob;
  Bytes section;  // with the tag

  std::size_t block_size() const { return cipher == nullptr ? plain_block_size : cipher->block_size; }
  Result<void> read_encryption(std::string_view cipher_name, std::string_view kdf, Bytes kdf_options);
};

Result<void> KeyFile::read_encryption(std::string_view cipher_name, std::string_view kdf, Bytes kdf_options) {
  if (cipher_name == none_name) {
    if (kdf != none_name || !kdf_options.empty()) return bad_key("private key: header");
    return {};
  }
  cipher = find_key_file_cipher(cipher_name);
  if (cipher == nullptr) return Error(Errc::unsupported, "cipher of the private key");
  if (kdf != bcrypt_name) return Error(Errc::unsupported, "key derivation of the private key");
  wire::Reader options(kdf_options);
  bcrypt.salt = options.string();
  bcrypt.rounds = options.uint32();
  if (!options.finish() || bcrypt.salt.empty() || bcrypt.rounds == 0) return bad_key("private key: options of bcrypt");
  return {};
}

Result<KeyFile> read_outside(Bytes bytes) {
  wire::Reader outer(bytes);
  if (as_text(outer.raw(magic.size())) != magic) return bad_key("private key: magic");
  const std::string_view cipher = outer.text(), kdf = outer.text();
  const Bytes kdf_options = outer.string();
  const std::uint32_t count = outer.uint32();
  if (!outer.ok()) return bad_key("private key: cut short");
  KeyFile file;
  if (Result<void> read = file.read_encryption(cipher, kdf, kdf_options); !read) return read.error();
  if (count != 1) return bad_key("private key: header");
  file.public_blob = outer.string();
  const std::size_t size = outer.string().size(), tag_size = file.cipher == nullptr ? 0 : file.cipher->tag_size;
  const std::size_t end = outer.position();
  outer.raw(tag_size);
  if (!outer.finish() || size % file.block_size() != 0) return bad_key("private key: length");
  file.section = bytes.subspan(end - size, size + tag_size);
  return file;
}

}  // namespace

Result<std::shared_ptr<const PrivateKey::State>> PrivateKey::State::read_openssh(Bytes bytes,
                                                                                 const SecretBytes* passphrase) {
  const Result<KeyFile> file = read_outside(bytes);
  if (!file) return file.error();
  Bytes section = file->section;
  SecretVector decrypted;
  if (file->cipher != nullptr) {
    if (passphrase == nullptr) return Error(Errc::passphrase_required, "private key");
    Result<SecretVector> text = decrypt_section(*file->cipher, file->bcrypt, *passphrase, section);
    if (!text) return text.error();
    decrypted = *std::move(text);
    section = decrypted;
  }
  wire::Reader inner(section);
  if (inner.uint32() != inner.uint32()) {
    return file->cipher == nullptr ? bad_key("private key: check numbers differ") : Error(Errc::wrong_passphrase);
  }
  const std::string_view type = inner.text();
  if (!inner.ok()) return bad_key("private key: cut short");
  const KeyTypeRow* row = find_key_type(type);
  if (row == nullptr) return Error(Errc::unsupported, "type of the private key");
  auto state = read(*row, inner);
  if (!state) return state.error();
  if (!is_padding(inner.rest(), file->block_size())) return bad_key("private key: padding");
  if (!equal((*state)->public_key.blob(), file->public_blob)) return bad_key("private key: the public keys differ");
  return state;
}

namespace {

// `section` is complete.
std::string armored(std::string_view cipher, std::string_view kdf, Bytes kdf_options, Bytes public_blob,
                    Bytes section) {
  SecretVector file(magic.size() + 4 + cipher.size() + 4 + kdf.size() + 4 + kdf_options.size() + 4 + 4 +
                    public_blob.size() + 4 + section.size());
  wire::Writer writer(file);
  writer.raw(as_bytes(magic));
  writer.string(cipher);
  writer.string(kdf);
  writer.string(kdf_options);
  writer.uint32(1);
  writer.string(public_blob);
  writer.string(section);

  std::string base64 = base64_encode(Bytes(file));
  std::string text;
  text.reserve(begin_line.size() + end_line.size() + base64.size() + base64.size() / line_size + 4);
  text.append(begin_line).append("\n");
  for (std::size_t i = 0; i < base64.size(); i += line_size) text.append(base64, i, line_size).append("\n");
  text.append(end_line).append("\n");
  wipe({reinterpret_cast<std::uint8_t*>(base64.data()), base64.size()});
  return text;
}

SecretVector plain_section(std::string_view type, Bytes fields, std::string_view comment, Random& random,
                           std::size_t block_size) {
  std::array<std::uint8_t, 4> check;
  random.fill(check);
  const std::size_t plain_size = 4 + 4 + 4 + type.size() + fields.size() + 4 + comment.size();
  const std::size_t padding_size = (block_size - plain_size % block_size) % block_size;
  SecretVector section(plain_size + padding_size);
  wire::Writer writer(section);
  writer.raw(check);
  writer.raw(check);
  writer.string(type);
  writer.raw(fields);
  writer.string(comment);
  for (std::size_t i = 1; i <= padding_size; ++i) writer.byte(static_cast<std::uint8_t>(i));
  return section;
}

}  // namespace

std::string PrivateKey::to_openssh(Random& random, std::string_view comment) const {
  if (comment.empty()) comment = state_->comment;
  const PublicKey& key = public_key();
  const SecretVector section = plain_section(key.blob_type(), state_->fields.view(), comment, random, plain_block_size);
  return armored(none_name, none_name, {}, key.blob(), section);
}

Result<std::string> PrivateKey::to_openssh_encrypted(Random& random, const SecretBytes& passphrase,
                                                     std::string_view comment, std::uint32_t rounds) const {
  if (passphrase.empty()) return Error(Errc::invalid_argument, "an empty passphrase");
  if (rounds == 0 || rounds > maximum_bcrypt_rounds) return Error(Errc::invalid_argument, "rounds of bcrypt");
  if (comment.empty()) comment = state_->comment;
  const KeyFileCipher& cipher = *find_key_file_cipher(written_key_file_cipher);
  const PublicKey& key = public_key();
  SecretVector section = plain_section(key.blob_type(), state_->fields.view(), comment, random, cipher.block_size);
  std::array<std::uint8_t, salt_size> salt;
  random.fill(salt);
  try {
    encrypt_section(cipher, {salt, rounds}, passphrase, section);
  } catch (const std::exception&) {
    return Error(Errc::crypto_failure, "encrypting a private key");
  }
  ByteVector options;
  wire::append_string(options, Bytes(salt));
  wire::append_uint32(options, rounds);
  return armored(cipher.name, bcrypt_name, options, key.blob(), section);
}

}  // namespace hawser::crypto
