#include "hawser/crypto/algorithms.h"

#include <array>

#include "crypto/botan_compat.h"

namespace hawser::crypto {

namespace {

constexpr KexRow mlkem(std::string_view name, KexFamily family, HashAlgorithm hash, Offer offer) {
  return {name, "draft-ietf-sshm-mlkem-hybrid-kex", family, hash, offer};
}

constexpr std::array kex_table{
    // First and last stand those that need ML-KEM, so that the rest is one piece.
    mlkem("mlkem768x25519-sha256", KexFamily::mlkem768_x25519, HashAlgorithm::sha256, Offer::by_default),
    KexRow{"curve25519-sha256", "RFC 8731", KexFamily::x25519, HashAlgorithm::sha256, Offer::by_default},
    KexRow{"curve25519-sha256@libssh.org", "RFC 8731", KexFamily::x25519, HashAlgorithm::sha256, Offer::by_default},
    KexRow{"ecdh-sha2-nistp256", "RFC 5656", KexFamily::ecdh_p256, HashAlgorithm::sha256, Offer::by_default},
    KexRow{"ecdh-sha2-nistp384", "RFC 5656", KexFamily::ecdh_p384, HashAlgorithm::sha384, Offer::by_default},
    KexRow{"ecdh-sha2-nistp521", "RFC 5656", KexFamily::ecdh_p521, HashAlgorithm::sha512, Offer::by_default},
    KexRow{"diffie-hellman-group16-sha512", "RFC 8268", KexFamily::modp_group16, HashAlgorithm::sha512,
           Offer::by_default},
    KexRow{"diffie-hellman-group18-sha512", "RFC 8268", KexFamily::modp_group18, HashAlgorithm::sha512,
           Offer::by_default},
    KexRow{"diffie-hellman-group14-sha256", "RFC 8268", KexFamily::modp_group14, HashAlgorithm::sha256,
           Offer::by_default},
    KexRow{"diffie-hellman-group-exchange-sha256", "RFC 4419", KexFamily::modp_exchange, HashAlgorithm::sha256,
           Offer::by_default},
    // RFC 9142 §3: SHA-1 is for peers that know nothing else.
    KexRow{"diffie-hellman-group14-sha1", "RFC 4253", KexFamily::modp_group14, HashAlgorithm::sha1, Offer::on_request},
    KexRow{"diffie-hellman-group-exchange-sha1", "RFC 4419", KexFamily::modp_exchange, HashAlgorithm::sha1,
           Offer::on_request},
    mlkem("mlkem768nistp256-sha256", KexFamily::mlkem768_p256, HashAlgorithm::sha256, Offer::on_request),
    mlkem("mlkem1024nistp384-sha384", KexFamily::mlkem1024_p384, HashAlgorithm::sha384, Offer::on_request),
};

constexpr std::array signature_table{
    SignatureRow{"ssh-ed25519", "ssh-ed25519", "RFC 8709", KeyType::ed25519, HashAlgorithm::sha512, Offer::by_default},
    SignatureRow{"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", "RFC 5656", KeyType::ecdsa_p256, HashAlgorithm::sha256,
                 Offer::by_default},
    SignatureRow{"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384", "RFC 5656", KeyType::ecdsa_p384, HashAlgorithm::sha384,
                 Offer::by_default},
    SignatureRow{"ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521", "RFC 5656", KeyType::ecdsa_p521, HashAlgorithm::sha512,
                 Offer::by_default},
    SignatureRow{"rsa-sha2-512", "ssh-rsa", "RFC 8332", KeyType::rsa, HashAlgorithm::sha512, Offer::by_default},
    SignatureRow{"rsa-sha2-256", "ssh-rsa", "RFC 8332", KeyType::rsa, HashAlgorithm::sha256, Offer::by_default},
};

constexpr CipherRow aes_gcm(std::string_view name, std::size_t key_size) {
  return {name, "RFC 5647", CipherFamily::aes_gcm, key_size, 12, 16, 16, LengthField::authenticated, Offer::by_default};
}

constexpr CipherRow aes_ctr(std::string_view name, std::size_t key_size) {
  return {name, "RFC 4344", CipherFamily::aes_ctr, key_size, 16, 16, 0, LengthField::encrypted, Offer::by_default};
}

// Its two keys of 32 bytes are one of 64 in the key derivation; the nonce is the sequence number, so there is no IV.
constexpr CipherRow chacha20_poly1305 = {.name = "chacha20-poly1305@openssh.com",
                                         .rfc = "OpenSSH PROTOCOL.chacha20poly1305",
                                         .family = CipherFamily::chacha20_poly1305,
                                         .key_size = 64,
                                         .iv_size = 0,
                                         .block_size = 8,
                                         .tag_size = 16,
                                         .length_field = LengthField::separate_key,
                                         .offer = Offer::by_default};

constexpr std::array gcm_first{aes_gcm("aes128-gcm@openssh.com", 16),
                               aes_gcm("aes256-gcm@openssh.com", 32),
                               chacha20_poly1305,
                               aes_ctr("aes128-ctr", 16),
                               aes_ctr("aes192-ctr", 24),
                               aes_ctr("aes256-ctr", 32)};
// The same rows for a processor without AES instructions.
constexpr std::array chacha20_first{chacha20_poly1305, gcm_first[0], gcm_first[1],
                                    gcm_first[3],      gcm_first[4], gcm_first[5]};

constexpr std::array mac_table{
    MacRow{"hmac-sha2-256-etm@openssh.com", "OpenSSH PROTOCOL", HashAlgorithm::sha256, 32, 32, true, Offer::by_default},
    MacRow{"hmac-sha2-512-etm@openssh.com", "OpenSSH PROTOCOL", HashAlgorithm::sha512, 64, 64, true, Offer::by_default},
    MacRow{"hmac-sha2-256", "RFC 6668", HashAlgorithm::sha256, 32, 32, false, Offer::by_default},
    MacRow{"hmac-sha2-512", "RFC 6668", HashAlgorithm::sha512, 64, 64, false, Offer::by_default},
};

// Nothing is compressed unless somebody asks for it: `none` comes first.
constexpr std::array compression_table{
    CompressionRow{"none", "RFC 4253", false, false, Offer::by_default},
    CompressionRow{"zlib@openssh.com", "draft-miller-secsh-compression-delayed", true, true, Offer::by_default},
    CompressionRow{"zlib", "RFC 4253", true, false, Offer::on_request},
};

template <class Row>
const Row* find_row(std::span<const Row> rows, std::string_view name) {
  for (const Row& row : rows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace

std::span<const KexRow> kex_rows() {
  const std::span<const KexRow> all = kex_table;
  return compat::has_ml_kem ? all : all.subspan(1, all.size() - 3);
}
std::span<const SignatureRow> signature_rows() { return signature_table; }
std::span<const MacRow> mac_rows() { return mac_table; }
std::span<const CompressionRow> compression_rows() { return compression_table; }

std::span<const CipherRow> cipher_rows() {
  if (compat::has_aes_instructions()) return gcm_first;
  return chacha20_first;
}

const KexRow* find_kex(std::string_view name) { return find_row(kex_rows(), name); }
const SignatureRow* find_signature(std::string_view name) { return find_row(signature_rows(), name); }
const CipherRow* find_cipher(std::string_view name) { return find_row(cipher_rows(), name); }
const MacRow* find_mac(std::string_view name) { return find_row(mac_rows(), name); }
const CompressionRow* find_compression(std::string_view name) { return find_row(compression_rows(), name); }

}  // namespace hawser::crypto
