// `hawser keyscan`: what servers say of themselves before anyone signs in.
#include <fmt/format.h>

#include "commands.h"
#include "hawser/client/host_scan.h"
#include "json_line.h"
#include "printable.h"
#include "sessions.h"

namespace hawser::tools {
namespace {

using client::Awaitable;

client::HostScanOptions scan_options(const KeyscanOptions& options) {
  client::HostScanOptions scan;
  scan.port = options.port;
  scan.timeout = std::chrono::seconds(options.timeout);
  return scan;
}

void print_key(const KeyscanOptions& options, const std::string& host, const crypto::PublicKey& key) {
  if (options.json) {
    return print_json({{"host", host},
                       {"port", options.port},
                       {"type", std::string(key.blob_type())},
                       {"key", key.text()},
                       {"fingerprint", key.fingerprint()}});
  }
  const auto form = options.hash ? client::HostNameForm::hashed : client::HostNameForm::plain;
  fmt::print("{}\n", client::KnownHosts::line(host, options.port, key, form));
}

void print_list(const char* name, const std::vector<std::string>& names) {
  fmt::print("{}\n", name);
  for (const std::string& one : names) fmt::print("  {}\n", printable(one));
}

void print_algorithms(const KeyscanOptions& options, const std::string& host, const client::HostAlgorithms& found) {
  if (options.json) {
    return print_json({{"host", host},
                       {"port", options.port},
                       {"identification", found.identification},
                       {"kex", found.kex},
                       {"host_key", found.host_key},
                       {"cipher_client_to_server", found.cipher_client_to_server},
                       {"cipher_server_to_client", found.cipher_server_to_client},
                       {"mac_client_to_server", found.mac_client_to_server},
                       {"mac_server_to_client", found.mac_server_to_client},
                       {"compression_client_to_server", found.compression_client_to_server},
                       {"compression_server_to_client", found.compression_server_to_client}});
  }
  fmt::print("{} {}\n", client::KnownHosts::name(host, options.port), printable(found.identification));
  print_list("key exchange", found.kex);
  print_list("host keys", found.host_key);
  print_list("ciphers", found.cipher_server_to_client);
  print_list("MACs", found.mac_server_to_client);
  print_list("compression", found.compression_server_to_client);
}

// What went wrong; empty: nothing.
Awaitable<std::string> scan_one(KeyscanOptions options, std::string host) {
  if (options.algorithms) {
    Awaitable<client::Connected<client::HostAlgorithms>> scanning =
        client::scan_host_algorithms(host, scan_options(options));
    const auto found = co_await std::move(scanning);
    if (!found) co_return found.error().message();
    print_algorithms(options, host, *found);
    co_return std::string();
  }
  Awaitable<client::Connected<std::vector<crypto::PublicKey>>> scanning =
      client::scan_host_keys(host, scan_options(options));
  const auto keys = co_await std::move(scanning);
  if (!keys) co_return keys.error().message();
  if (keys->empty()) co_return "it has no host key of a type that is known here";
  for (const crypto::PublicKey& key : *keys) print_key(options, host, key);
  co_return std::string();
}

Awaitable<void> scan_all(KeyscanOptions options) {
  bool failed = false;
  for (const std::string& host : options.hosts) {
    Awaitable<std::string> scanning = scan_one(options, host);
    const std::string problem = co_await std::move(scanning);
    if (problem.empty()) continue;
    fmt::print(stderr, "hawser keyscan: {}: {}\n", printable(host), problem);
    failed = true;
  }
  if (failed) throw Failure{connection_failed, ""};
}

}  // namespace

int keyscan(const KeyscanOptions& options) {
  return run_command("keyscan", ConnectOptions(), [&](Sessions&) { return scan_all(options); });
}

}  // namespace hawser::tools
