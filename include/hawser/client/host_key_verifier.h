// Who decides whether a server is the one that is meant. There is no default: a client without a verifier does not
// connect.
#pragma once

#include <functional>
#include <mutex>

#include "hawser/client/known_hosts.h"
#include "hawser/net/byte_channel.h"

namespace hawser::client {

struct HostKeyQuestion {
  std::string host;  // as the user named it
  std::uint16_t port = 22;
  crypto::PublicKey key;  // the server has proved that it owns it
};

// Called on the connection's strand; one verifier may serve many connections.
class HostKeyVerifier {
 public:
  virtual ~HostKeyVerifier() = default;
  // Success accepts. An error refuses, and its text says why. May wait (for a prompt, a lookup); the login deadline
  // still strikes.
  virtual net::Awaitable<Result<void>> verify(HostKeyQuestion question) = 0;
  // Signature algorithms whose keys are known for this host: they are asked for first.
  virtual std::vector<std::string> preferred_algorithms(const std::string& host, std::uint16_t port) const;
};

// What becomes of a key about which nothing is known. A key that contradicts a known one, or is revoked, is refused
// always.
enum class HostKeyPolicy {
  strict,              // refused
  trust_on_first_use,  // accepted and remembered, in the file where there is one
  auto_add,            // accepted and remembered while the verifier lives
};

// "strict", "tofu", "auto" as they stand, and STRICT, TRUST_ON_FIRST_USE, AUTO_ADD in any case. Throws
// std::invalid_argument.
HostKeyPolicy parse_host_key_policy(std::string_view text);

class KnownHostsVerifier final : public HostKeyVerifier {
 public:
  // With a path, trust_on_first_use adds new keys to that file; failing to do so does not fail the connection.
  explicit KnownHostsVerifier(KnownHosts hosts, HostKeyPolicy policy = HostKeyPolicy::strict, std::string path = {});

  net::Awaitable<Result<void>> verify(HostKeyQuestion question) override;
  std::vector<std::string> preferred_algorithms(const std::string& host, std::uint16_t port) const override;

  // Called for each key that was accepted without being known; for a warning.
  std::function<void(const HostKeyQuestion&)> on_new_key;

 private:
  Result<void> check(const HostKeyQuestion& question, bool& is_new);

  mutable std::mutex mutex_;
  KnownHosts hosts_;
  HostKeyPolicy policy_;
  std::string path_;
};

// Exactly these keys, whatever the host is called.
std::shared_ptr<HostKeyVerifier> pinned_host_keys(std::vector<crypto::PublicKey> keys);

}  // namespace hawser::client
