#include "host_key_prompt.h"

#include <fmt/format.h>

#include <fstream>

#include "prompt.h"

namespace hawser::tools {
namespace {

using client::HostKeyMatch;
using client::HostKeyQuestion;
using client::KnownHosts;

constexpr int tries = 3;

// "ssh-ed25519 SHA256:…"
std::string described(const crypto::PublicKey& key) { return fmt::format("{} {}", key.blob_type(), key.fingerprint()); }

// The number of the first line that knows a key for this host; 0: none.
std::size_t line_of(const std::string& path, const HostKeyQuestion& question) {
  std::ifstream file(path);
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    const KnownHosts alone = KnownHosts::parse(line);
    const HostKeyMatch match = alone.match(question.host, question.port, question.key);
    if (match == HostKeyMatch::changed || match == HostKeyMatch::revoked) return number;
  }
  return 0;
}

std::string place_of(const std::string& path, const HostKeyQuestion& question) {
  const std::size_t line = line_of(path, question);
  return line == 0 ? path : fmt::format("{}:{}", path, line);
}

}  // namespace

HostKeyPrompt::Policy HostKeyPrompt::policy_of(const std::string& name) {
  if (name == "strict") return Policy::strict;
  if (name == "ask") return Policy::ask;
  if (name == "tofu") return Policy::tofu;
  if (name == "auto") return Policy::automatic;
  return has_terminal() ? Policy::ask : Policy::strict;
}

HostKeyPrompt::HostKeyPrompt(KnownHosts hosts, std::string path, Policy policy)
    : hosts_(std::move(hosts)), path_(std::move(path)), policy_(policy) {}

net::Awaitable<Result<void>> HostKeyPrompt::verify(HostKeyQuestion question) {
  switch (hosts_.match(question.host, question.port, question.key)) {
    case HostKeyMatch::known: co_return Result<void>();
    case HostKeyMatch::unknown: break;
    default: co_return refuse_changed(question);
  }
  if (policy_ != Policy::ask) co_return decide_unknown(question);
  Result<void> decided = co_await ask_about(std::move(question));
  co_return decided;
}

std::vector<std::string> HostKeyPrompt::preferred_algorithms(const std::string& host, std::uint16_t port) const {
  return hosts_.algorithms(host, port);
}

Result<void> HostKeyPrompt::refuse_changed(const HostKeyQuestion& question) {
  const bool revoked = hosts_.match(question.host, question.port, question.key) == HostKeyMatch::revoked;
  const std::string name = KnownHosts::name(question.host, question.port);
  const std::string place = place_of(path_, question);
  if (revoked) {
    explanation_ = fmt::format(
        "The server showed {}, which {} marks as revoked.\n"
        "Whoever has that key is not to be trusted; ask the server's administrator for the new one.",
        described(question.key), place);
    return Error(Errc::host_key_rejected, "the host key is revoked");
  }
  explanation_ = fmt::format(
      "The server showed {}, but another key is known for {}: {}.\n"
      "Either the server has a new key, or someone else answers in its place. Nothing was sent to it. Ask its\n"
      "administrator for the fingerprint; if it is the one above, remove the old key with\n"
      "  ssh-keygen -R '{}' -f '{}'\n"
      "and connect again.",
      described(question.key), name, place, name, path_);
  return Error(Errc::host_key_rejected, "the host key has changed");
}

Result<void> HostKeyPrompt::refuse_unknown(const HostKeyQuestion& question) {
  explanation_ = fmt::format(
      "The server showed {}. If that is its key, add this line to {},\n"
      "or accept it once with --host-key-policy tofu:\n  {}",
      described(question.key), path_, KnownHosts::line(question.host, question.port, question.key));
  return Error(Errc::host_key_rejected, "the host key is not known");
}

Result<void> HostKeyPrompt::decide_unknown(const HostKeyQuestion& question) {
  if (policy_ == Policy::strict) return refuse_unknown(question);
  fmt::print(stderr, "hawser: the host key of {} was unknown; accepted {}\n", question.host, described(question.key));
  if (policy_ == Policy::tofu) remember(question);
  return {};
}

net::Awaitable<Result<void>> HostKeyPrompt::ask_about(HostKeyQuestion question) {
  const std::string fingerprint = question.key.fingerprint();
  std::string text = fmt::format(
      "The host key of {} is not known. The server shows\n  {}\n"
      "Is that its key? (yes, no, or the fingerprint you expect) ",
      KnownHosts::name(question.host, question.port), described(question.key));
  for (int i = 0; i < tries; ++i) {
    const std::optional<std::string> answer = co_await ask_at_terminal(text, true);
    if (!answer) co_return refuse_unknown(question);
    if (*answer == "yes" || *answer == fingerprint) {
      remember(question);
      co_return Result<void>();
    }
    if (*answer == "no") break;
    text = answer->starts_with("SHA256:") ? "That is not the fingerprint of this key. (yes, no, or the fingerprint) "
                                          : "Please answer yes, no, or with the fingerprint: ";
  }
  co_return Error(Errc::host_key_rejected, "the host key was not accepted");
}

void HostKeyPrompt::remember(const HostKeyQuestion& question) {
  hosts_.add(question.host, question.port, question.key);
  const Result<void> stored = KnownHosts::append(path_, question.host, question.port, question.key);
  if (!stored) {
    fmt::print(stderr, "hawser: the key could not be added to {}: {}\n", path_, stored.error().message());
  } else if (policy_ == Policy::ask) {
    show_at_terminal(fmt::format("Added to {}.\n", path_));
  }
}

}  // namespace hawser::tools
