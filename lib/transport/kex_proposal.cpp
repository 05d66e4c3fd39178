#include "transport/kex_proposal.h"

#include <algorithm>

#include "hawser/transport/messages.h"

namespace hawser::transport {
namespace {

std::vector<std::string> kex_names(Role role, const TransportConfig& config, bool first_exchange) {
  std::vector<std::string> names = config.algorithms.kex;
  if (first_exchange) {
    if (role == Role::client) names.emplace_back(marker::ext_info_client);
    names.emplace_back(marker::strict_of(role));
  }
  return names;
}

// A server offers what it has keys for; a client asks first for what it knows of this host.
std::vector<std::string> host_key_names(Role role, const TransportConfig& config) {
  const std::vector<std::string>& allowed = config.algorithms.host_key;
  std::vector<std::string> names;
  if (role == Role::server) {
    std::ranges::copy_if(allowed, std::back_inserter(names), [&](const std::string& name) {
      const crypto::SignatureRow* row = crypto::find_signature(name);
      return row != nullptr && find_host_key(config, *row) != nullptr;
    });
    return names;
  }
  const auto is_preferred = [&](const std::string& name) {
    return std::ranges::find(config.preferred_host_key_algorithms, name) != config.preferred_host_key_algorithms.end();
  };
  names = allowed;
  std::stable_partition(names.begin(), names.end(), is_preferred);
  return names;
}

}  // namespace

std::shared_ptr<const crypto::Signer> find_host_key(const TransportConfig& config, const crypto::SignatureRow& row) {
  const auto fitting =
      std::ranges::find_if(config.host_keys, [&](const auto& key) { return key->public_key().can_verify(row); });
  return fitting == config.host_keys.end() ? nullptr : *fitting;
}

Result<void> check_proposal(Role role, const TransportConfig& config) {
  if (Result<void> usable = config.algorithms.check(); !usable) return usable;
  if (host_key_names(role, config).empty()) return Error(Errc::invalid_argument, "host_keys: none that is allowed");
  return {};
}

ByteVector make_kexinit(Role role, const TransportConfig& config, bool first_exchange, crypto::Random& random) {
  const std::string kex = wire::join(kex_names(role, config, first_exchange));
  const std::string host_key = wire::join(host_key_names(role, config));
  const std::string cipher = wire::join(config.algorithms.cipher);
  // RFC 4253 §7.1: no list may be empty. Where none is configured every cipher has a tag of its own, and whatever is
  // named here is never used.
  const std::vector<std::string>& macs = config.algorithms.mac;
  const std::string mac = wire::join(macs.empty() ? crypto::AlgorithmPolicy::modern().mac : macs);
  const std::string compression = wire::join(config.algorithms.compression);

  KexInit message;
  random.fill(message.cookie);
  message.kex_algorithms = wire::NameList(kex);
  message.server_host_key_algorithms = wire::NameList(host_key);
  message.encryption_algorithms_client_to_server = wire::NameList(cipher);
  message.encryption_algorithms_server_to_client = wire::NameList(cipher);
  message.mac_algorithms_client_to_server = wire::NameList(mac);
  message.mac_algorithms_server_to_client = wire::NameList(mac);
  message.compression_algorithms_client_to_server = wire::NameList(compression);
  message.compression_algorithms_server_to_client = wire::NameList(compression);
  return wire::encode(message);
}

}  // namespace hawser::transport
