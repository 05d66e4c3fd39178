#include "hawser/crypto/algorithms.h"

#include <array>
#include <utility>

#include "crypto/botan_compat.h"

namespace hawser::crypto {

namespace {

constexpr KexRow mlkem(std::string_view name, KexFamily family, HashAlgorithm hash, Offer offer, Approval approval) {
  return {name, "draft-ietf-sshm-mlkem-hybrid-kex", family, hash, offer, approval, true};
}

constexpr KexRow kex(std::string_view name, std::string_view rfc, KexFamily family, HashAlgorithm hash,
                     Approval approval, Offer offer = Offer::by_default) {
  return {name, rfc, family, hash, offer, approval};
}

constexpr std::array kex_table{
    // First and last stand those that need ML-KEM, so that the rest is one piece.
    mlkem("mlkem768x25519-sha256", KexFamily::mlkem768_x25519, HashAlgorithm::sha256, Offer::by_default,
          Approval::none),
    kex("curve25519-sha256", "RFC 8731", KexFamily::x25519, HashAlgorithm::sha256, Approval::none),
    kex("curve25519-sha256@libssh.org", "RFC 8731", KexFamily::x25519, HashAlgorithm::sha256, Approval::none),
    kex("ecdh-sha2-nistp256", "RFC 5656", KexFamily::ecdh_p256, HashAlgorithm::sha256, Approval::fips),
    kex("ecdh-sha2-nistp384", "RFC 5656", KexFamily::ecdh_p384, HashAlgorithm::sha384, Approval::fips),
    kex("ecdh-sha2-nistp521", "RFC 5656", KexFamily::ecdh_p521, HashAlgorithm::sha512, Approval::fips),
    kex("diffie-hellman-group16-sha512", "RFC 8268", KexFamily::modp_group16, HashAlgorithm::sha512, Approval::fips),
    kex("diffie-hellman-group18-sha512", "RFC 8268", KexFamily::modp_group18, HashAlgorithm::sha512, Approval::fips),
    kex("diffie-hellman-group14-sha256", "RFC 8268", KexFamily::modp_group14, HashAlgorithm::sha256, Approval::fips),
    // SP 800-56A wants a group from its own list, and here the server brings one.
    kex("diffie-hellman-group-exchange-sha256", "RFC 4419", KexFamily::modp_exchange, HashAlgorithm::sha256,
        Approval::none),
    // RFC 9142 §3: SHA-1 is for peers that know nothing else.
    kex("diffie-hellman-group14-sha1", "RFC 4253", KexFamily::modp_group14, HashAlgorithm::sha1, Approval::none,
        Offer::on_request),
    kex("diffie-hellman-group-exchange-sha1", "RFC 4419", KexFamily::modp_exchange, HashAlgorithm::sha1, Approval::none,
        Offer::on_request),
    mlkem("mlkem768nistp256-sha256", KexFamily::mlkem768_p256, HashAlgorithm::sha256, Offer::on_request,
          Approval::fips),
    mlkem("mlkem1024nistp384-sha384", KexFamily::mlkem1024_p384, HashAlgorithm::sha384, Offer::on_request,
          Approval::fips),
};

constexpr SignatureRow ecdsa(std::string_view name, KeyType key_type, HashAlgorithm hash) {
  return {name, name, "RFC 5656", key_type, hash, Offer::by_default, Approval::fips};
}

constexpr SignatureRow rsa(std::string_view name, std::string_view rfc, HashAlgorithm hash, Offer offer,
                           Approval approval) {
  return {name, "ssh-rsa", rfc, KeyType::rsa, hash, offer, approval};
}

constexpr std::array signature_table{
    SignatureRow{"ssh-ed25519", "ssh-ed25519", "RFC 8709", KeyType::ed25519, HashAlgorithm::sha512, Offer::by_default,
                 Approval::none},
    ecdsa("ecdsa-sha2-nistp256", KeyType::ecdsa_p256, HashAlgorithm::sha256),
    ecdsa("ecdsa-sha2-nistp384", KeyType::ecdsa_p384, HashAlgorithm::sha384),
    ecdsa("ecdsa-sha2-nistp521", KeyType::ecdsa_p521, HashAlgorithm::sha512),
    rsa("rsa-sha2-512", "RFC 8332", HashAlgorithm::sha512, Offer::by_default, Approval::fips),
    rsa("rsa-sha2-256", "RFC 8332", HashAlgorithm::sha256, Offer::by_default, Approval::fips),
    // Signs with SHA-1 (RFC 4253 §6.6), and shares its name with the type of key.
    rsa("ssh-rsa", "RFC 4253", HashAlgorithm::sha1, Offer::on_request, Approval::none),
};

constexpr CipherRow aes_gcm(std::string_view name, std::size_t key_size) {
  return {.name = name,
          .rfc = "RFC 5647",
          .family = CipherFamily::aes_gcm,
          .key_size = key_size,
          .iv_size = 12,
          .block_size = 16,
          .tag_size = 16,
          .length_field = LengthField::authenticated,
          .offer = Offer::by_default,
          .approval = Approval::fips};
}

// A cipher that needs a MAC; its IV is a block.
constexpr CipherRow block_cipher(std::string_view name, std::string_view rfc, CipherFamily family, std::size_t key_size,
                                 std::size_t block_size, Offer offer, Approval approval) {
  return {name, rfc, family, key_size, block_size, block_size, 0, LengthField::encrypted, offer, approval};
}

constexpr CipherRow aes_ctr(std::string_view name, std::size_t key_size) {
  return block_cipher(name, "RFC 4344", CipherFamily::aes_ctr, key_size, 16, Offer::by_default, Approval::fips);
}

// On request: whoever can inject into CBC learns from when a connection ends (CVE-2008-5161), and its IV is no secret.
constexpr CipherRow aes_cbc(std::string_view name, std::size_t key_size) {
  return block_cipher(name, "RFC 4253", CipherFamily::aes_cbc, key_size, 16, Offer::on_request, Approval::none);
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
                                         .offer = Offer::by_default,
                                         .approval = Approval::none};

constexpr std::array gcm_first{
    aes_gcm("aes128-gcm@openssh.com", 16),
    aes_gcm("aes256-gcm@openssh.com", 32),
    chacha20_poly1305,
    aes_ctr("aes128-ctr", 16),
    aes_ctr("aes192-ctr", 24),
    aes_ctr("aes256-ctr", 32),
    aes_cbc("aes128-cbc", 16),
    aes_cbc("aes192-cbc", 24),
    aes_cbc("aes256-cbc", 32),
    block_cipher("3des-cbc", "RFC 4253", CipherFamily::triple_des_cbc, 24, 8, Offer::on_request, Approval::none)};
// The same rows for a processor without AES instructions.
constexpr auto chacha20_first = [] {
  auto rows = gcm_first;
  std::swap(rows[1], rows[2]);
  std::swap(rows[0], rows[1]);
  return rows;
}();

constexpr MacRow hmac(std::string_view name, std::string_view rfc, HashAlgorithm hash, std::size_t size) {
  return {name, rfc, hash, size, size, false, Offer::by_default, Approval::fips};
}

constexpr MacRow hmac_etm(std::string_view name, HashAlgorithm hash, std::size_t size) {
  return {name, "OpenSSH PROTOCOL", hash, size, size, true, Offer::by_default, Approval::fips};
}

constexpr MacRow on_request(MacRow row) {
  row.offer = Offer::on_request;
  row.approval = Approval::none;
  return row;
}

constexpr std::array mac_table{
    hmac_etm("hmac-sha2-256-etm@openssh.com", HashAlgorithm::sha256, 32),
    hmac_etm("hmac-sha2-512-etm@openssh.com", HashAlgorithm::sha512, 64),
    hmac("hmac-sha2-256", "RFC 6668", HashAlgorithm::sha256, 32),
    hmac("hmac-sha2-512", "RFC 6668", HashAlgorithm::sha512, 64),
    on_request(hmac_etm("hmac-sha1-etm@openssh.com", HashAlgorithm::sha1, 20)),
    on_request(hmac("hmac-sha1", "RFC 4253", HashAlgorithm::sha1, 20)),
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
