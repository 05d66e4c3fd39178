// Host keys as a person wants them: the known ones are accepted, the changed ones refused with an explanation, and
// about unknown ones the policy decides, which may be to ask.
#pragma once

#include <string>

#include "hawser/client/host_key_verifier.h"

namespace hawser::tools {

class HostKeyPrompt final : public client::HostKeyVerifier {
 public:
  enum class Policy { strict, ask, tofu, automatic };
  // "strict", "ask", "tofu", "auto"; anything else, as the empty text: `ask` where there is a terminal, else `strict`.
  static Policy policy_of(const std::string& name);

  HostKeyPrompt(client::KnownHosts hosts, std::string path, Policy policy);

  net::Awaitable<Result<void>> verify(client::HostKeyQuestion question) override;
  std::vector<std::string> preferred_algorithms(const std::string& host, std::uint16_t port) const override;

  // What a person should read about a refusal; empty where there was none.
  const std::string& explanation() const { return explanation_; }

 private:
  Result<void> refuse_changed(const client::HostKeyQuestion& question);
  Result<void> refuse_unknown(const client::HostKeyQuestion& question);
  Result<void> decide_unknown(const client::HostKeyQuestion& question);
  net::Awaitable<Result<void>> ask_about(client::HostKeyQuestion question);
  void remember(const client::HostKeyQuestion& question);

  client::KnownHosts hosts_;
  std::string path_;
  Policy policy_;
  std::string explanation_;
};

}  // namespace hawser::tools
