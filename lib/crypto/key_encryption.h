// How the encrypted private key files are encrypted: a key derived from the passphrase, and a cipher. Three ways:
// openssh-key-v1 (OpenSSH PROTOCOL.key), the DEK-Info of RFC 1421 as OpenSSL fills it, and PBES2 (RFC 8018 §6.2).
//
// Where a function may throw, what is thrown is Botan's and means that the decryption has failed.
#pragma once

#include <botan/cipher_mode.h>
#include <botan/secmem.h>

#include "hawser/crypto/secret.h"
#include "hawser/wire/result.h"

namespace hawser::crypto {

using SecretVector = Botan::secure_vector<std::uint8_t>;

// What a file may ask for; a hostile one must not keep us busy for ever. Each allows some tens of seconds at most.
inline constexpr std::uint32_t maximum_bcrypt_rounds = 4096;
inline constexpr std::size_t maximum_pbkdf2_iterations = 10'000'000;
inline constexpr std::size_t maximum_scrypt_memory = 256 * 1024 * 1024;  // bytes: 128 · r · (N + p)
inline constexpr std::size_t maximum_scrypt_lanes = 16;

// A cipher of openssh-key-v1.
struct KeyFileCipher {
  std::string_view name;
  const char* botan_name;  // null: chacha20-poly1305@openssh.com, which is no mode of Botan's
  std::size_t key_size;
  std::size_t iv_size;
  std::size_t block_size;  // the padding makes the section a multiple of this
  std::size_t tag_size;    // behind the section
};
const KeyFileCipher* find_key_file_cipher(std::string_view name);
inline constexpr std::string_view written_key_file_cipher = "aes256-ctr";

struct BcryptOptions {
  Bytes salt;
  std::uint32_t rounds = 0;
};

// A whole text, in place. May throw.
void run_mode(const char* botan_name, Botan::Cipher_Dir direction, Bytes key, Bytes iv, SecretVector& text);

// `section` is followed by the tag, where the cipher has one. Errors: unsupported (too many rounds), wrong_passphrase
// (the tag is wrong). Without a tag whoever reads the section finds out.
Result<SecretVector> decrypt_section(const KeyFileCipher& cipher, const BcryptOptions& options,
                                     const SecretBytes& passphrase, Bytes section);
// In place, for ciphers without a tag. May throw.
void encrypt_section(const KeyFileCipher& cipher, const BcryptOptions& options, const SecretBytes& passphrase,
                     SecretVector& section);

// `dek_info`: "AES-256-CBC,0011…". Errors: unsupported (cipher), bad_key (iv). May throw.
Result<SecretVector> decrypt_pem_body(std::string_view dek_info, const SecretBytes& passphrase, Bytes body);

// An EncryptedPrivateKeyInfo (RFC 5958 §3).
struct Pbes2 {
  std::string hash;  // of PBKDF2, as Botan calls it; empty: scrypt
  SecretVector salt;
  std::size_t iterations = 0;
  std::size_t cost = 0, block_size = 0, lanes = 0;  // N, r and p of scrypt
  const char* cipher = nullptr;                     // as Botan calls it
  std::size_t key_size = 0;
  SecretVector iv;
  SecretVector encrypted;
};
// Errors: bad_key, unsupported (another scheme, or too much work). May throw, which means bad_key.
Result<Pbes2> read_pbes2(Bytes der);
// May throw.
SecretVector decrypt(const Pbes2& info, const SecretBytes& passphrase);

}  // namespace hawser::crypto
