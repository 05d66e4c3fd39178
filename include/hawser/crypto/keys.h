// Public and private keys, and signatures with them. Key type and signature algorithm are different things: an ssh-rsa
// key signs as rsa-sha2-256 or rsa-sha2-512 (RFC 8332).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "hawser/crypto/algorithms.h"
#include "hawser/crypto/random.h"
#include "hawser/crypto/secret.h"

namespace hawser::crypto {

class PublicKey {
 public:
  // Parses and validates a key blob (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4). RSA keys have 2048 to 16384 bits and
  // an odd exponent of at most 64 bits. Errors: bad_key, truncated, trailing_bytes, unsupported.
  static Result<PublicKey> from_blob(Bytes blob);
  // "ssh-ed25519 AAAA… comment", as in authorized_keys without options and in .pub files.
  static Result<PublicKey> from_text(std::string_view line);

  KeyType type() const;
  std::string_view blob_type() const;
  Bytes blob() const;
  std::string text(std::string_view comment = {}) const;
  std::string fingerprint() const;  // "SHA256:" and base64 without padding, as OpenSSH prints
  std::size_t bits() const;
  bool can_verify(const SignatureRow& row) const { return row.key_type == type(); }

  // `signature` is the wire form: string algorithm name, string signature. The name must be `row`'s. Errors:
  // bad_signature.
  Result<void> verify(const SignatureRow& row, Bytes data, Bytes signature) const;

  // Keys are compared as bytes, over the whole blob.
  friend bool operator==(const PublicKey& a, const PublicKey& b) { return equal(a.blob(), b.blob()); }

 private:
  struct State;
  explicit PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

// Something that signs: a private key in memory, an agent, an HSM. Thread-safe.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual const PublicKey& public_key() const = 0;
  // The signature in its wire form. One of RSA is verified before it is given out, whoever made it: a single wrong bit
  // in it can give the key away (eprint 2023/1711). Errors: invalid_argument where the algorithm is not for this type
  // of key; crypto_failure where the signature is wrong; those of `make_signature`.
  Result<ByteVector> sign(const SignatureRow& row, Bytes data) const;

 private:
  virtual Result<ByteVector> make_signature(const SignatureRow& row, Bytes data) const = 0;
};

class PrivateKey final : public Signer {
 public:
  // Sizes are for rsa only: 2048 to 16384 bits.
  static Result<PrivateKey> generate(KeyType type, Random& random, std::size_t rsa_bits = 3072);
  // The text of a private key file, whose form shows: openssh-key-v1 (OpenSSH PROTOCOL.key), PKCS#8 (RFC 5958), PKCS#1
  // (RFC 8017 §A.1.2, `BEGIN RSA PRIVATE KEY`) or SEC 1 (RFC 5915, `BEGIN EC PRIVATE KEY`), plain or encrypted, of at
  // most 64 KiB. `passphrase` is borrowed for the call; a plain key does not look at it.
  //
  // Encrypted are: openssh-key-v1 with bcrypt and any AES or ChaCha20 cipher of OpenSSH; PKCS#8 with PBES2 (RFC 8018)
  // from PBKDF2 or scrypt, AES-CBC or DES-EDE3-CBC; the others with the DEK-Info of RFC 1421 and the same ciphers. How
  // much work a file can ask for is limited: 4096 rounds of bcrypt, 10 million of PBKDF2, 256 MiB and 16 lanes of
  // scrypt.
  //
  // Errors: bad_key (not a private key, or damaged), unsupported (another form, cipher or type of key, or too much
  // work), passphrase_required, wrong_passphrase (or an encrypted part that is damaged: without the right key nobody
  // can tell).
  static Result<PrivateKey> from_text(std::string_view text, const SecretBytes* passphrase = nullptr);

  const PublicKey& public_key() const override;
  const std::string& comment() const;
  // The openssh-key-v1 file text, not encrypted. An empty comment stands for the key's own.
  std::string to_openssh(Random& random, std::string_view comment = {}) const;
  // The same, encrypted with aes256-ctr and bcrypt. Errors: invalid_argument (an empty passphrase; rounds not 1 to
  // 4096).
  Result<std::string> to_openssh_encrypted(Random& random, const SecretBytes& passphrase, std::string_view comment = {},
                                           std::uint32_t rounds = default_bcrypt_rounds) const;

  static constexpr std::uint32_t default_bcrypt_rounds = 24;  // as ssh-keygen: about a quarter of a second

 private:
  struct State;
  Result<ByteVector> make_signature(const SignatureRow& row, Bytes data) const override;
  explicit PrivateKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

// Asked where the file of this name turns out to be encrypted; nullopt: there is none.
using AskPassphrase = std::function<std::optional<SecretBytes>(const std::string& path)>;

// Reads a private key file: a regular file of at most 64 KiB. `ask` is called once at most. Errors: file_error, and
// those of PrivateKey::from_text.
Result<PrivateKey> load_private_key(const std::string& path, const AskPassphrase& ask = nullptr);
// Creates the file with mode 0600, exclusively; an empty comment stands for the key's own. Encrypted where there is a
// passphrase. Errors: file_error (it exists, or cannot be written), invalid_argument (an empty passphrase).
Result<void> save_private_key(const std::string& path, const PrivateKey& key, Random& random,
                              std::string_view comment = {}, const SecretBytes* passphrase = nullptr);
// Loads the file; where there is none, makes a key of `type` and saves it there first. For a server's host key. The
// type of a key that exists is the file's. Errors: those of both.
Result<PrivateKey> load_or_create_private_key(const std::string& path, KeyType type, Random& random);

}  // namespace hawser::crypto
