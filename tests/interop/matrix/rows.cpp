#include "rows.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "hawser/wire/types.h"

namespace hawser::test {
namespace {

constexpr std::array<std::string_view, 6> kind_names{"kex", "host_key", "cipher", "mac", "compression", "user_key"};

using Names = std::vector<std::string>;

constexpr const char* cipher_for_macs = "aes128-ctr";  // which needs one

bool contains(const Names& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

Names both(const wire::NameList& a, const wire::NameList& b) {
  Names names;
  for (const std::string& name : a.names()) {
    if (contains(b.names(), name)) names.push_back(name);
  }
  return names;
}

template <class Rows>
Names names_of(const Rows& rows) {
  Names names;
  for (const auto& row : rows) names.emplace_back(row.name);
  return names;
}

bool is_wanted(Kind kind) {
  const char* const wanted = std::getenv("HAWSER_MATRIX_KINDS");
  if (wanted == nullptr) return true;
  bool found = false;
  std::istringstream names(wanted);
  for (std::string name; std::getline(names, name, ',');) {
    if (std::ranges::find(kind_names, name) == kind_names.end()) {
      throw std::invalid_argument("HAWSER_MATRIX_KINDS: no kind is called '" + name + "'");
    }
    found = found || name == name_of(kind);
  }
  return found;
}

}  // namespace

std::string_view name_of(Kind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

std::vector<MatrixRow> matrix_rows() {
  std::vector<MatrixRow> rows;
  const auto add = [&rows](Kind kind, const Names& names) {
    if (!is_wanted(kind)) return;
    for (const std::string& name : names) rows.push_back({kind, name});
  };
  const crypto::AlgorithmPolicy all = every_algorithm();
  add(Kind::kex, all.kex);
  add(Kind::host_key, all.host_key);
  add(Kind::cipher, all.cipher);
  add(Kind::mac, all.mac);
  add(Kind::compression, all.compression);
  add(Kind::user_key, all.user_signature);
  return rows;
}

crypto::AlgorithmPolicy every_algorithm() {
  crypto::AlgorithmPolicy policy;
  policy.kex = names_of(crypto::kex_rows());
  policy.host_key = names_of(crypto::signature_rows());
  policy.cipher = names_of(crypto::cipher_rows());
  policy.mac = names_of(crypto::mac_rows());
  policy.compression = names_of(crypto::compression_rows());
  policy.user_signature = names_of(crypto::signature_rows());
  return policy;
}

crypto::AlgorithmPolicy only(const MatrixRow& row) {
  crypto::AlgorithmPolicy policy = crypto::AlgorithmPolicy::modern();
  policy.compression = {"none"};
  const Names one{row.name};
  switch (row.kind) {
    case Kind::kex: policy.kex = one; break;
    case Kind::host_key: policy.host_key = one; break;
    case Kind::cipher: policy.cipher = one; break;
    case Kind::mac:
      policy.mac = one;
      policy.cipher = {cipher_for_macs};
      break;
    case Kind::compression: policy.compression = one; break;
    case Kind::user_key: policy.user_signature = one; break;
  }
  return policy;
}

crypto::KeyType user_key_for(const MatrixRow& row) {
  return row.kind == Kind::user_key ? crypto::find_signature(row.name)->key_type : crypto::KeyType::ed25519;
}

PeerOffer::PeerOffer(const std::string& identification, const transport::KexInit& message)
    : kex(message.kex_algorithms.names()),
      host_key(message.server_host_key_algorithms.names()),
      cipher(both(message.encryption_algorithms_client_to_server, message.encryption_algorithms_server_to_client)),
      mac(both(message.mac_algorithms_client_to_server, message.mac_algorithms_server_to_client)),
      compression(
          both(message.compression_algorithms_client_to_server, message.compression_algorithms_server_to_client)),
      user_key(host_key) {
  const std::string prefix = "SSH-2.0-";
  if (identification.starts_with(prefix)) {
    software = identification.substr(prefix.size(), identification.find(' ') - prefix.size());
  }
}

bool PeerOffer::has(const MatrixRow& row) const {
  switch (row.kind) {
    case Kind::kex: return contains(kex, row.name);
    case Kind::host_key: return contains(host_key, row.name);
    case Kind::cipher: return contains(cipher, row.name);
    case Kind::mac: return contains(mac, row.name) && contains(cipher, cipher_for_macs);
    case Kind::compression: return contains(compression, row.name);
    case Kind::user_key: return contains(user_key, row.name);
  }
  return false;
}

}  // namespace hawser::test
