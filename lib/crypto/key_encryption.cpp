// The ciphers of openssh-key-v1 and of DEK-Info.
#include "crypto/key_encryption.h"

#include <botan/hash.h>
#include <botan/mac.h>
#include <botan/pwdhash.h>
#include <botan/stream_cipher.h>

#include <algorithm>
#include <array>

#include "crypto/botan_compat.h"

namespace hawser::crypto {
namespace {

constexpr std::array key_file_ciphers{
    KeyFileCipher{"aes256-ctr", "CTR-BE(AES-256)", 32, 16, 16, 0},
    KeyFileCipher{"aes192-ctr", "CTR-BE(AES-192)", 24, 16, 16, 0},
    KeyFileCipher{"aes128-ctr", "CTR-BE(AES-128)", 16, 16, 16, 0},
    KeyFileCipher{"aes256-cbc", "AES-256/CBC/NoPadding", 32, 16, 16, 0},
    KeyFileCipher{"aes192-cbc", "AES-192/CBC/NoPadding", 24, 16, 16, 0},
    KeyFileCipher{"aes128-cbc", "AES-128/CBC/NoPadding", 16, 16, 16, 0},
    KeyFileCipher{"aes256-gcm@openssh.com", "AES-256/GCM", 32, 12, 16, 16},
    KeyFileCipher{"aes128-gcm@openssh.com", "AES-128/GCM", 16, 12, 16, 16},
    KeyFileCipher{"chacha20-poly1305@openssh.com", nullptr, 64, 0, 8, 16},
};

struct DekCipher {
  std::string_view name;
  const char* botan_name;
  std::size_t key_size;
  std::size_t iv_size;
};
constexpr std::array dek_ciphers{
    DekCipher{"AES-128-CBC", "AES-128/CBC/PKCS7", 16, 16},
    DekCipher{"AES-192-CBC", "AES-192/CBC/PKCS7", 24, 16},
    DekCipher{"AES-256-CBC", "AES-256/CBC/PKCS7", 32, 16},
    DekCipher{"DES-EDE3-CBC", "TripleDES/CBC/PKCS7", 24, 8},
};

// bcrypt gives the key and, behind it, the iv.
SecretVector key_and_iv(const KeyFileCipher& cipher, const BcryptOptions& options, const SecretBytes& passphrase) {
  SecretVector derived(cipher.key_size + cipher.iv_size);
  const std::string_view text = as_text(passphrase.view());
  Botan::PasswordHashFamily::create_or_throw("Bcrypt-PBKDF")
      ->from_iterations(options.rounds)
      ->derive_key(derived.data(), derived.size(), text.data(), text.size(), options.salt.data(), options.salt.size());
  return derived;
}

// OpenSSH PROTOCOL.chacha20poly1305 as a packet with sequence number 0 and without a length field: block 0 of the key
// stream begins with the Poly1305 key, the text starts at block 1. The second half of the key is for lengths. False:
// the tag is wrong.
bool run_chacha20_poly1305(Bytes key, SecretVector& text, std::size_t tag_size) {
  const std::array<std::uint8_t, 8> nonce{};
  const auto cipher = Botan::StreamCipher::create_or_throw("ChaCha(20)");
  cipher->set_key(key.data(), key.size() / 2);
  cipher->set_iv(nonce.data(), nonce.size());
  SecretVector first_block(64), tag(tag_size);
  cipher->cipher1(first_block.data(), first_block.size());
  const auto mac = Botan::MessageAuthenticationCode::create_or_throw("Poly1305");
  mac->set_key(first_block.data(), 32);
  const std::size_t size = text.size() - tag_size;
  mac->update(text.data(), size);
  mac->final(tag.data());
  if (!constant_time_equal(tag, Bytes(text).subspan(size))) return false;
  text.resize(size);
  cipher->cipher1(text.data(), text.size());
  return true;
}

Result<ByteVector> from_hex(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF0123456789abcdef";
  ByteVector bytes(text.size() / 2);
  for (std::size_t i = 0; i < bytes.size() * 2; ++i) {
    const std::size_t digit = digits.find(text[i]);
    if (digit == std::string_view::npos) return Error(Errc::bad_key, "private key: DEK-Info");
    bytes[i / 2] = static_cast<std::uint8_t>(bytes[i / 2] * 16u + digit % 16);
  }
  return bytes;
}

// OpenSSL's EVP_BytesToKey with MD5 and one iteration: D_i = MD5(D_(i-1) || passphrase || salt), one after the other.
SecretVector bytes_to_key(std::size_t size, const SecretBytes& passphrase, Bytes salt) {
  const auto md5 = Botan::HashFunction::create_or_throw("MD5");
  SecretVector key, block;
  while (key.size() < size) {
    md5->update(block.data(), block.size());
    md5->update(passphrase.view().data(), passphrase.size());
    md5->update(salt.data(), salt.size());
    block = md5->final();
    key.insert(key.end(), block.begin(), block.end());
  }
  key.resize(size);
  return key;
}

}  // namespace

void run_mode(const char* name, Botan::Cipher_Dir direction, Bytes key, Bytes iv, SecretVector& text) {
  const auto mode = Botan::Cipher_Mode::create_or_throw(name, direction);
  mode->set_key(key.data(), key.size());
  mode->start(iv.data(), iv.size());
  mode->finish(text);
}

const KeyFileCipher* find_key_file_cipher(std::string_view name) {
  const auto found = std::ranges::find(key_file_ciphers, name, &KeyFileCipher::name);
  return found == key_file_ciphers.end() ? nullptr : &*found;
}

Result<SecretVector> decrypt_section(const KeyFileCipher& cipher, const BcryptOptions& options,
                                     const SecretBytes& passphrase, Bytes section) {
  if (options.rounds > maximum_bcrypt_rounds) return Error(Errc::unsupported, "more than 4096 rounds of bcrypt");
  SecretVector text(section.begin(), section.end());
  try {
    const SecretVector derived = key_and_iv(cipher, options, passphrase);
    const Bytes key = Bytes(derived).first(cipher.key_size), iv = Bytes(derived).subspan(cipher.key_size);
    if (cipher.botan_name != nullptr) {
      run_mode(cipher.botan_name, compat::decryption, key, iv, text);
    } else if (!run_chacha20_poly1305(key, text, cipher.tag_size)) {
      return Error(Errc::wrong_passphrase);
    }
    return text;
  } catch (const std::exception&) {
    return Error(Errc::wrong_passphrase);
  }
}

void encrypt_section(const KeyFileCipher& cipher, const BcryptOptions& options, const SecretBytes& passphrase,
                     SecretVector& section) {
  const SecretVector derived = key_and_iv(cipher, options, passphrase);
  run_mode(cipher.botan_name, compat::encryption, Bytes(derived).first(cipher.key_size),
           Bytes(derived).subspan(cipher.key_size), section);
}

Result<SecretVector> decrypt_pem_body(std::string_view dek_info, const SecretBytes& passphrase, Bytes body) {
  const std::size_t comma = std::min(dek_info.find(','), dek_info.size());
  const auto cipher = std::ranges::find(dek_ciphers, dek_info.substr(0, comma), &DekCipher::name);
  if (cipher == dek_ciphers.end()) return Error(Errc::unsupported, "private key: cipher of DEK-Info");
  const std::string_view hex = dek_info.substr(std::min(comma + 1, dek_info.size()));
  if (hex.size() != 2 * cipher->iv_size) return Error(Errc::bad_key, "private key: DEK-Info");
  const Result<ByteVector> iv = from_hex(hex);
  if (!iv) return iv.error();
  constexpr std::size_t salt_size = 8;  // of the iv
  const SecretVector key = bytes_to_key(cipher->key_size, passphrase, Bytes(*iv).first(salt_size));
  SecretVector text(body.begin(), body.end());
  run_mode(cipher->botan_name, compat::decryption, key, *iv, text);
  return text;
}

}  // namespace hawser::crypto
