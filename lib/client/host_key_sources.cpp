#include "client/host_key_sources.h"

#include <cstdlib>

#include "hawser/client/user_defaults.h"
#include "hawser/wire/dump.h"

namespace hawser::client {
namespace {

std::optional<std::string> inline_keys(const SFTPBackendOptions& options) {
  if (options.known_host_keys && !options.known_host_keys->empty()) return options.known_host_keys;
  const auto configured = options.config.find("known_host_keys");
  if (configured != options.config.end() && !configured->second.empty()) return configured->second;
  const char* const environment = std::getenv("SFTP_KNOWN_HOST_KEYS");
  if (environment != nullptr && *environment != '\0') return environment;
  return std::nullopt;
}

std::string keys_path(const SFTPBackendOptions& options) {
  if (options.host_keys_path && !options.host_keys_path->empty()) return *options.host_keys_path;
  return usual_known_hosts();
}

[[noreturn]] void refuse(const std::string& why) {
  throw BackendUnavailable("host key verification is impossible: " + why, Errc::host_key_rejected,
                           {.path = {}, .backend = "sftp"});
}

}  // namespace

std::shared_ptr<HostKeyVerifier> host_key_verifier(const SFTPBackendOptions& options) {
  if (options.host_key_verifier) return options.host_key_verifier;
  KnownHosts hosts;
  std::string path;
  if (const std::optional<std::string> text = inline_keys(options)) {
    hosts = KnownHosts::parse(*text);
  } else if (path = keys_path(options); !path.empty()) {
    Result<KnownHosts> loaded = KnownHosts::load(path);
    if (!loaded) refuse(loaded.error().message() + ": " + wire::escaped(path, 4096));
    hosts = *std::move(loaded);
  }
  if (hosts.empty() && options.host_key_policy == HostKeyPolicy::strict)
    refuse("the policy is strict, and no host key is known");
  auto verifier = std::make_shared<KnownHostsVerifier>(std::move(hosts), options.host_key_policy, path);
  if (options.on_warning) {
    verifier->on_new_key = [warn = options.on_warning](const HostKeyQuestion& question) {
      warn("new host key of " + KnownHosts::name(question.host, question.port) +
           " accepted: " + question.key.fingerprint());
    };
  }
  return verifier;
}

}  // namespace hawser::client
