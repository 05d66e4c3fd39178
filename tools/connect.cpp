#include "connect.h"

#include <fmt/format.h>
#include <unistd.h>

#include "credentials.h"
#include "hawser/client/user_defaults.h"
#include "hawser/wire/types.h"
#include "host_key_prompt.h"
#include "printable.h"

namespace hawser::tools {
namespace {

using client::Client;
using client::ConnectFailure;

std::shared_ptr<HostKeyPrompt> make_verifier(const ConnectOptions& options) {
  const std::string path = options.known_hosts.empty() ? client::usual_known_hosts() : options.known_hosts;
  const HostKeyPrompt::Policy policy = HostKeyPrompt::policy_of(options.host_key_policy);
  client::KnownHosts hosts;
  if (::access(path.c_str(), F_OK) == 0) {
    Result<client::KnownHosts> loaded = client::KnownHosts::load(path);
    if (!loaded) throw Failure{host_key_failed, fmt::format("{}: {}", path, loaded.error().message())};
    hosts = std::move(*loaded);
  } else if (!options.known_hosts.empty() && policy == HostKeyPrompt::Policy::strict) {
    throw Failure{usage_error, fmt::format("--known-hosts {}: no such file", path)};
  }
  return std::make_shared<HostKeyPrompt>(std::move(hosts), path, policy);
}

int exit_code_of(const ConnectFailure& failure) {
  switch (failure.stage) {
    case ConnectFailure::Stage::host_key: return host_key_failed;
    case ConnectFailure::Stage::authentication: return authentication_failed;
    default: return connection_failed;
  }
}

std::string hint_for(const ConnectFailure& failure, const HostKeyPrompt& verifier) {
  if (!verifier.explanation().empty()) return "\n" + verifier.explanation();
  if (failure.stage == ConnectFailure::Stage::authentication) {
    return "\nGive a key with --identity, or a password in HAWSER_PASSWORD or at a terminal.";
  }
  return {};
}

void set_list(std::vector<std::string>& list, const std::string& names) {
  if (!names.empty()) list = wire::NameList(names).names();
}

}  // namespace

void apply(const AlgorithmOptions& options, std::uint64_t rekey_bytes, transport::TransportConfig& config) {
  if (!options.policy.empty()) {
    std::optional<crypto::AlgorithmPolicy> policy = crypto::AlgorithmPolicy::named(options.policy);
    if (!policy) {
      throw Failure{usage_error,
                    fmt::format("unknown policy {}: there are modern, hardened, compatible, fips and pq_only",
                                printable(options.policy))};
    }
    config.algorithms = *std::move(policy);
  }
  set_list(config.algorithms.kex, options.kex);
  set_list(config.algorithms.cipher, options.ciphers);
  set_list(config.algorithms.mac, options.macs);
  set_list(config.algorithms.host_key, options.host_keys);
  if (const Result<void> known = config.algorithms.check(); !known) {
    throw Failure{usage_error, known.error().where()};
  }
  if (rekey_bytes != 0) config.rekey.bytes = rekey_bytes;
}

bool is_url(const std::string& text) { return text.starts_with("sftp://"); }

client::Url parse_url(const std::string& text) {
  Result<client::Url> url = client::parse_url(text);
  if (!url) {
    throw Failure{usage_error,
                  fmt::format("{}: {}\nA URL looks like sftp://user@host:port/path", text, url.error().message())};
  }
  if (!url->user) url->user = client::user_name();
  if (url->user->empty()) throw Failure{usage_error, "no user name: write it into the URL, sftp://NAME@host/"};
  return *std::move(url);
}

std::string remote_path(const client::Url& url) { return url.path.empty() ? "." : url.path; }

client::Awaitable<Session> connect(const ConnectOptions& options, client::Url url, MakeObserver observers) {
  const std::shared_ptr<HostKeyPrompt> verifier = make_verifier(options);
  client::ClientOptions client_options;
  client_options.host = url.host;
  client_options.port = url.port;
  client_options.user = *url.user;
  client_options.credentials = make_credentials(options, url);
  client_options.password_answers_prompt = true;  // who sets HAWSER_PASSWORD means it, however the server asks
  client_options.host_keys = verifier;
  client_options.timeout = std::chrono::minutes(2);  // there may be a prompt
  client_options.on_banner = [](std::string_view text) { fmt::print(stderr, "{}", text); };
  apply(options.algorithms, options.rekey_bytes, client_options.session.transport);
  client_options.session.transport.make_observer = std::move(observers);
  if (options.compress) client_options.session.transport.algorithms.compression = {"zlib@openssh.com", "none"};
  const client::ConnectResult connected = co_await Client::connect(std::move(client_options));
  if (!connected) {
    const ConnectFailure& failure = connected.error();
    throw Failure{exit_code_of(failure),
                  fmt::format("{}:{}: {}{}", url.host, url.port, failure.message(), hint_for(failure, *verifier))};
  }
  const std::shared_ptr<Client> client = *connected;
  client::SFTPResult<std::shared_ptr<client::SFTPClient>> sftp = co_await client->open_sftp();
  co_return Session{client, value_or_fail(std::move(sftp), url.host + ": no SFTP")};
}

}  // namespace hawser::tools
