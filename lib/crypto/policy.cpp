#include <algorithm>

#include "hawser/crypto/algorithms.h"

namespace hawser::crypto {

namespace {

template <class Row>
std::vector<std::string> default_names(std::span<const Row> rows) {
  std::vector<std::string> names;
  for (const Row& row : rows) {
    if (row.offer == Offer::by_default) names.emplace_back(row.name);
  }
  return names;
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

AlgorithmPolicy AlgorithmPolicy::modern() {
  AlgorithmPolicy policy;
  policy.kex = default_names(kex_rows());
  policy.host_key = default_names(signature_rows());
  policy.cipher = default_names(cipher_rows());
  policy.mac = default_names(mac_rows());
  policy.compression = default_names(compression_rows());
  policy.user_signature = default_names(signature_rows());
  return policy;
}

Result<void> AlgorithmPolicy::check() const {
  const auto invalid = [](const char* where) { return Error(Errc::invalid_argument, where); };
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
