#include <algorithm>

#include "crypto/botan_compat.h"
#include "hawser/crypto/algorithms.h"

namespace hawser::crypto {

namespace {

template <class Row, class Wanted>
std::vector<std::string> names_of(std::span<const Row> rows, Wanted wanted) {
  std::vector<std::string> names;
  for (const Row& row : rows) {
    if (wanted(row)) names.emplace_back(row.name);
  }
  return names;
}

constexpr auto is_default = [](const auto& row) { return row.offer == Offer::by_default; };
constexpr auto is_any = [](const auto& /*row*/) { return true; };
constexpr auto is_fips = [](const auto& row) { return row.approval == Approval::fips; };

bool is_hardened(const KexRow& row) {
  switch (row.family) {
    case KexFamily::x25519:
    case KexFamily::modp_group16:
    case KexFamily::modp_group18:
    case KexFamily::mlkem768_x25519: return row.offer == Offer::by_default;
    default: return false;
  }
}
bool is_hardened(const SignatureRow& row) {  // of a host
  return row.offer == Offer::by_default && (row.key_type == KeyType::ed25519 || row.key_type == KeyType::rsa);
}
bool is_hardened(const CipherRow& row) { return row.offer == Offer::by_default; }
bool is_hardened(const MacRow& row) { return row.offer == Offer::by_default && row.encrypt_then_mac; }

// Compression is no matter of strength: what stands behind authentication is offered.
template <class Wanted>
AlgorithmPolicy policy_of(Wanted wanted) {
  AlgorithmPolicy policy;
  policy.kex = names_of(kex_rows(), wanted);
  policy.host_key = names_of(signature_rows(), wanted);
  policy.cipher = names_of(cipher_rows(), wanted);
  policy.mac = names_of(mac_rows(), wanted);
  policy.compression = names_of(compression_rows(), is_default);
  policy.user_signature = policy.host_key;
  return policy;
}

template <class Find>
bool all_known(const std::vector<std::string>& names, Find find) {
  return std::ranges::all_of(names, [&](const std::string& name) { return find(name) != nullptr; });
}

bool needs_mac(const std::string& cipher) {
  const CipherRow* row = find_cipher(cipher);
  return row != nullptr && row->tag_size == 0;
}

}  // namespace

AlgorithmPolicy AlgorithmPolicy::modern() { return policy_of(is_default); }
AlgorithmPolicy AlgorithmPolicy::hardened() {
  AlgorithmPolicy policy = policy_of([](const auto& row) { return is_hardened(row); });
  policy.user_signature = modern().user_signature;
  return policy;
}
AlgorithmPolicy AlgorithmPolicy::fips() { return policy_of(is_fips); }

// In each table the rows on request stand behind the others.
AlgorithmPolicy AlgorithmPolicy::compatible() { return policy_of(is_any); }

AlgorithmPolicy AlgorithmPolicy::pq_only() {
  AlgorithmPolicy policy = modern();
  policy.kex = names_of(kex_rows(), [](const KexRow& row) { return row.post_quantum; });
  return policy;
}

std::optional<AlgorithmPolicy> AlgorithmPolicy::named(std::string_view name) {
  if (name == "modern") return modern();
  if (name == "hardened") return hardened();
  if (name == "compatible") return compatible();
  if (name == "fips") return fips();
  if (name == "pq_only") return pq_only();
  return std::nullopt;
}

Result<void> AlgorithmPolicy::check() const {
  const auto invalid = [](const char* where) { return Error(Errc::invalid_argument, where); };
  if (kex.empty() && !compat::has_ml_kem)
    return invalid("kex: the list is empty (the post-quantum methods need Botan 3.6 or newer)");
  if (kex.empty()) return invalid("kex: the list is empty");
  if (host_key.empty()) return invalid("host_key: the list is empty");
  if (cipher.empty()) return invalid("cipher: the list is empty");
  if (compression.empty()) return invalid("compression: the list is empty");
  if (mac.empty() && std::ranges::any_of(cipher, needs_mac))
    return invalid("mac: a cipher needs one, the list is empty");
  if (!all_known(kex, find_kex)) return invalid("kex: unknown name");
  if (!all_known(host_key, find_signature)) return invalid("host_key: unknown name");
  if (!all_known(cipher, find_cipher)) return invalid("cipher: unknown name");
  if (!all_known(mac, find_mac)) return invalid("mac: unknown name");
  if (!all_known(user_signature, find_signature)) return invalid("user_signature: unknown name");
  if (!all_known(compression, find_compression)) return invalid("compression: unknown name");
  return {};
}

}  // namespace hawser::crypto
