#include "hawser/client/host_key_verifier.h"

#include <algorithm>
#include <stdexcept>

namespace hawser::client {
namespace {

class PinnedHostKeys final : public HostKeyVerifier {
 public:
  explicit PinnedHostKeys(std::vector<crypto::PublicKey> keys) : keys_(std::move(keys)) {}

  net::Awaitable<Result<void>> verify(HostKeyQuestion question) override {
    if (std::ranges::find(keys_, question.key) != keys_.end()) co_return Result<void>();
    co_return Error(Errc::host_key_rejected, "not one of the pinned host keys");
  }

  std::vector<std::string> preferred_algorithms(const std::string& host, std::uint16_t port) const override {
    KnownHosts hosts;
    for (const crypto::PublicKey& key : keys_) hosts.add(host, port, key);
    return hosts.algorithms(host, port);
  }

 private:
  std::vector<crypto::PublicKey> keys_;
};

}  // namespace

std::vector<std::string> HostKeyVerifier::preferred_algorithms(const std::string&, std::uint16_t) const { return {}; }

KnownHostsVerifier::KnownHostsVerifier(KnownHosts hosts, HostKeyPolicy policy, std::string path)
    : hosts_(std::move(hosts)), policy_(policy), path_(std::move(path)) {}

net::Awaitable<Result<void>> KnownHostsVerifier::verify(HostKeyQuestion question) {
  bool is_new = false;
  const Result<void> verdict = check(question, is_new);
  if (is_new && on_new_key) on_new_key(question);
  co_return verdict;
}

Result<void> KnownHostsVerifier::check(const HostKeyQuestion& question, bool& is_new) {
  const std::lock_guard lock(mutex_);
  switch (hosts_.match(question.host, question.port, question.key)) {
    case HostKeyMatch::known: return {};
    case HostKeyMatch::revoked: return Error(Errc::host_key_rejected, "the host key is revoked");
    case HostKeyMatch::changed: return Error(Errc::host_key_rejected, "the host key differs from the known one");
    case HostKeyMatch::unknown: break;
  }
  if (policy_ == HostKeyPolicy::strict) return Error(Errc::host_key_rejected, "the host key is not known");
  is_new = true;
  hosts_.add(question.host, question.port, question.key);
  if (policy_ == HostKeyPolicy::trust_on_first_use && !path_.empty()) {
    const Result<void> stored = KnownHosts::append(path_, question.host, question.port, question.key);
    static_cast<void>(stored);  // asked again next time; the key is remembered here all the same
  }
  return {};
}

std::vector<std::string> KnownHostsVerifier::preferred_algorithms(const std::string& host, std::uint16_t port) const {
  const std::lock_guard lock(mutex_);
  return hosts_.algorithms(host, port);
}

HostKeyPolicy parse_host_key_policy(std::string_view text) {
  struct Name {
    std::string_view brief, full;
    HostKeyPolicy policy;
  };
  static constexpr Name names[] = {{"strict", "STRICT", HostKeyPolicy::strict},
                                   {"tofu", "TRUST_ON_FIRST_USE", HostKeyPolicy::trust_on_first_use},
                                   {"auto", "AUTO_ADD", HostKeyPolicy::auto_add}};
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  for (const Name& name : names) {
    if (text == name.brief || std::ranges::equal(text, name.full, {}, upper)) return name.policy;
  }
  throw std::invalid_argument("host key policy: neither strict, tofu nor auto");
}

std::shared_ptr<HostKeyVerifier> pinned_host_keys(std::vector<crypto::PublicKey> keys) {
  return std::make_shared<PinnedHostKeys>(std::move(keys));
}

}  // namespace hawser::client
