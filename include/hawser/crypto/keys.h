// Public and private keys, and signatures with them. Key type and signature algorithm are different things: an ssh-rsa
// key signs as rsa-sha2-256 or rsa-sha2-512 (RFC 8332).
#pragma once

#include <memory>
#include <string>

#include "hawser/crypto/algorithms.h"
#include "hawser/crypto/random.h"

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
  // openssh-key-v1, plain. An encrypted key gives Errc::unsupported with a text that says so.
  static Result<PrivateKey> from_openssh(std::string_view pem);

  const PublicKey& public_key() const override;
  const std::string& comment() const;
  // The openssh-key-v1 file text, not encrypted.
  std::string to_openssh(Random& random, std::string_view comment = {}) const;

 private:
  struct State;
  Result<ByteVector> make_signature(const SignatureRow& row, Bytes data) const override;
  explicit PrivateKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

// Reads a private key file: a regular file of at most 64 KiB. Errors: file_error, bad_key, unsupported.
Result<PrivateKey> load_private_key(const std::string& path);
// Creates the file with mode 0600, exclusively; an empty comment stands for the key's own. Errors: file_error (it
// exists, or cannot be written).
Result<void> save_private_key(const std::string& path, const PrivateKey& key, Random& random,
                              std::string_view comment = {});
// Loads the file; where there is none, makes a key of `type` and saves it there first. For a server's host key. The
// type of a key that exists is the file's. Errors: those of both.
Result<PrivateKey> load_or_create_private_key(const std::string& path, KeyType type, Random& random);

}  // namespace hawser::crypto
