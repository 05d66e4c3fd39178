#include "hawser/client/host_scan.h"

#include <algorithm>

#include "hawser/transport/messages.h"

namespace hawser::client {
namespace {

// Remembers the key and goes no further.
class KeyCollector final : public HostKeyVerifier {
 public:
  net::Awaitable<Result<void>> verify(HostKeyQuestion question) override {
    key = std::move(question.key);
    co_return Error(Errc::host_key_rejected, "only looked at");
  }

  std::optional<crypto::PublicKey> key;
};

struct Found {
  std::optional<HostAlgorithms> algorithms;
  std::optional<crypto::PublicKey> key;
  ConnectFailure failure;  // where what is looked for is missing
};

HostAlgorithms lists_of(const std::string& identification, const transport::KexInit& message) {
  return {.identification = identification,
          .kex = message.kex_algorithms.names(),
          .host_key = message.server_host_key_algorithms.names(),
          .cipher_client_to_server = message.encryption_algorithms_client_to_server.names(),
          .cipher_server_to_client = message.encryption_algorithms_server_to_client.names(),
          .mac_client_to_server = message.mac_algorithms_client_to_server.names(),
          .mac_server_to_client = message.mac_algorithms_server_to_client.names(),
          .compression_client_to_server = message.compression_algorithms_client_to_server.names(),
          .compression_server_to_client = message.compression_algorithms_server_to_client.names()};
}

Awaitable<Found> look(std::string host, HostScanOptions options) {
  const auto collector = std::make_shared<KeyCollector>();
  const auto lists = std::make_shared<std::optional<HostAlgorithms>>();
  ClientOptions client;
  client.host = std::move(host);
  client.port = options.port;
  client.timeout = options.timeout;
  client.host_keys = collector;
  client.session.transport.algorithms = std::move(options.algorithms);
  client.session.transport.on_kexinit = [lists](const std::string& identification, const transport::KexInit& message) {
    *lists = lists_of(identification, message);
  };
  Awaitable<ConnectResult> connecting = Client::connect(std::move(client));
  const ConnectResult ended = co_await std::move(connecting);
  Found found;
  found.algorithms = std::move(*lists);
  found.key = std::move(collector->key);
  if (!ended) found.failure = ended.error();
  co_return found;
}

// The algorithms of `wanted` that the server offers, but one for each type of key.
std::vector<std::string> one_for_each_type(const std::vector<std::string>& wanted,
                                           const std::vector<std::string>& offered) {
  std::vector<std::string> names;
  std::vector<crypto::KeyType> types;
  for (const crypto::SignatureRow& row : crypto::signature_rows()) {
    if (std::ranges::find(wanted, row.name) == wanted.end()) continue;
    if (std::ranges::find(offered, row.name) == offered.end()) continue;
    if (std::ranges::find(types, row.key_type) != types.end()) continue;
    types.push_back(row.key_type);
    names.emplace_back(row.name);
  }
  return names;
}

}  // namespace

Awaitable<Connected<HostAlgorithms>> scan_host_algorithms(std::string host, HostScanOptions options) {
  Awaitable<Found> looking = look(std::move(host), std::move(options));
  Found found = co_await std::move(looking);
  if (!found.algorithms) co_return std::move(found.failure);
  co_return *std::move(found.algorithms);
}

Awaitable<Connected<std::vector<crypto::PublicKey>>> scan_host_keys(std::string host, HostScanOptions options) {
  Awaitable<Found> looking = look(host, options);
  const Found first = co_await std::move(looking);
  std::vector<crypto::PublicKey> keys;
  if (first.key) keys.push_back(*first.key);
  ConnectFailure failure = first.failure;
  const std::vector<std::string> wanted = options.algorithms.host_key;
  const std::vector<std::string> offered = first.algorithms ? first.algorithms->host_key : std::vector<std::string>();
  for (const std::string& name : one_for_each_type(wanted, offered)) {
    if (first.key && first.key->can_verify(*crypto::find_signature(name))) continue;
    options.algorithms.host_key = {name};
    Awaitable<Found> again = look(host, options);
    const Found found = co_await std::move(again);
    if (found.key) keys.push_back(*found.key);
    if (!found.key && !first.key) failure = found.failure;
  }
  const bool nothing_in_common = failure.error.code() == Errc::no_common_host_key;
  if (keys.empty() && !nothing_in_common) co_return std::move(failure);
  co_return keys;
}

}  // namespace hawser::client
