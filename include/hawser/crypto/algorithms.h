// The algorithm tables: one constexpr row per algorithm with every fact about it. Row order is preference. The lists of
// KEXINIT, the sizes of key material, the test matrix and the README's table come from here.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hawser/wire/bytes.h"
#include "hawser/wire/result.h"

namespace hawser::crypto {

enum class Offer { by_default, on_request };
// Whether everything in it is a function that NIST approves (FIPS 140-3, SP 800-140C and D).
enum class Approval { fips, none };
enum class HashAlgorithm { sha1, sha256, sha384, sha512 };

// Which arithmetic a key exchange runs; `make_key_agreement` makes it, and `make_group_agreement` that of
// `modp_exchange`, whose group the server chooses (RFC 4419).
enum class KexFamily {
  x25519,
  ecdh_p256,
  ecdh_p384,
  ecdh_p521,
  modp_group14,
  modp_group16,
  modp_group18,
  modp_exchange,
  mlkem768_x25519,
  mlkem768_p256,
  mlkem1024_p384,
};

struct KexRow {
  std::string_view name;
  std::string_view rfc;
  KexFamily family;
  HashAlgorithm hash;
  Offer offer;
  Approval approval;
  bool post_quantum = false;  // what it agrees on stays secret from a quantum computer
};

enum class KeyType { ed25519, ecdsa_p256, ecdsa_p384, ecdsa_p521, rsa };

// A signature algorithm. `key_blob_type` is the name inside the public key blob: rsa-sha2-256 signs with a key whose
// blob says ssh-rsa (RFC 8332 §3).
struct SignatureRow {
  std::string_view name;
  std::string_view key_blob_type;
  std::string_view rfc;
  KeyType key_type;
  HashAlgorithm hash;  // what the signature hashes with (ed25519: unused)
  Offer offer;
  Approval approval;
};

enum class CipherFamily { aes_gcm, chacha20_poly1305, aes_ctr, aes_cbc, triple_des_cbc };

// How the packet_length field travels.
enum class LengthField {
  encrypted,      // with the rest (RFC 4253 §6): the first block must be decrypted to know it
  authenticated,  // in the clear, covered by the tag (RFC 5647 §7.3, encrypt-then-mac)
  separate_key,   // encrypted with a key of its own (OpenSSH PROTOCOL.chacha20poly1305)
};

struct CipherRow {
  std::string_view name;
  std::string_view rfc;
  CipherFamily family;
  std::size_t key_size;
  std::size_t iv_size;
  std::size_t block_size;  // the padding makes packets a multiple of this, at least 8
  std::size_t tag_size;    // 0: needs a MAC
  LengthField length_field;
  Offer offer;
  Approval approval;
};

struct MacRow {
  std::string_view name;
  std::string_view rfc;
  HashAlgorithm hash;
  std::size_t key_size;
  std::size_t tag_size;
  bool encrypt_then_mac;
  Offer offer;
  Approval approval;
};

// RFC 4253 §6.2. `delayed`: only once authentication has succeeded, so that nobody unknown reaches the decompressor.
struct CompressionRow {
  std::string_view name;
  std::string_view source;
  bool compresses;
  bool delayed;
  Offer offer;
};

std::span<const KexRow> kex_rows();  // those of ML-KEM where the crypto library has it (Botan 3.6)
std::span<const SignatureRow> signature_rows();
std::span<const CipherRow> cipher_rows();  // aes-gcm first where the processor has AES instructions, else chacha20
std::span<const MacRow> mac_rows();
std::span<const CompressionRow> compression_rows();

const KexRow* find_kex(std::string_view name);
const SignatureRow* find_signature(std::string_view name);
const CipherRow* find_cipher(std::string_view name);
const MacRow* find_mac(std::string_view name);
const CompressionRow* find_compression(std::string_view name);

// What one side offers, in its order of preference. A value: copy it, change it, hand it to a config.
struct AlgorithmPolicy {
  std::vector<std::string> kex;
  std::vector<std::string> host_key;  // signature algorithms for the server's proof
  std::vector<std::string> cipher;
  std::vector<std::string> mac;
  std::vector<std::string> compression;
  // In publickey authentication: what a server accepts (server-sig-algs), what a client signs with.
  std::vector<std::string> user_signature;
  bool require_strict_kex = false;  // refuse a peer that does not offer strict key exchange (CVE-2023-48795)

  // Every row marked `by_default`, in table order: what a client offers, which leaves the choice to the server.
  static AlgorithmPolicy modern();
  // What a server offers unless told otherwise (SSHServerOptions), and ssh-audit finds no fault with: of modern()
  // without the NIST curves, whose making was never explained, without groups of 2048 bits and those that a client asks
  // for, and without encrypt-and-mac. Clients of before about 2015, and libssh2 before 1.11, have nothing in common
  // with it. Users may have keys of every kind that modern() takes.
  static AlgorithmPolicy hardened();
  // For peers that are long out of date: behind the modern ones every row there is, SHA-1 and CBC among them, but for
  // compression before authentication. An attacker cannot make two up-to-date sides choose these; a signature with
  // SHA-1 is accepted from whoever can forge one.
  static AlgorithmPolicy compatible();
  // Only what is built of functions that NIST approves: the NIST curves, the groups of RFC 3526, ECDSA and RSA, AES,
  // HMAC with SHA-2. It chooses names; whether the module that computes them is validated is for its owner to know.
  static AlgorithmPolicy fips();
  // As modern(), with key exchange methods only that a quantum computer does not break. Where the crypto library has no
  // ML-KEM (Botan before 3.6) it offers none, and `check` says so.
  static AlgorithmPolicy pq_only();
  // By its name: "modern", "hardened", "compatible", "fips" or "pq_only"; nullopt: there is no such policy.
  static std::optional<AlgorithmPolicy> named(std::string_view name);

  // Errors: invalid_argument, when a list that must have entries has none, or has a name that no row knows; the text
  // names the list.
  Result<void> check() const;
};

}  // namespace hawser::crypto
