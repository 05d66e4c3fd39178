#include "hawser/client/user_defaults.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "hawser/client/agent.h"

namespace hawser::client {
namespace {

struct Account {
  std::string name;
  std::string home;
};

Account account_of_process() {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16384> buffer{};
  if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) return {};
  return {entry.pw_name, entry.pw_dir};
}

std::string in_ssh_directory(const char* name) {
  const std::string home = home_directory();
  return home.empty() ? home : home + "/.ssh/" + name;
}

using Proof = std::optional<std::variant<Password, Key>>;

net::Awaitable<Proof> unlock(std::string path, KeyFileOptions options) {
  Error why(Errc::passphrase_required, "private key");
  for (std::size_t tries = 0; tries < options.tries; ++tries) {
    net::Awaitable<std::optional<Password>> asking = options.ask(path);
    const std::optional<Password> answer = co_await std::move(asking);
    if (!answer) break;
    Result<crypto::PrivateKey> key = crypto::load_private_key(
        path, [&](const std::string&) { return std::optional(crypto::SecretBytes(as_bytes(answer->reveal()))); });
    if (key) co_return std::make_shared<const crypto::PrivateKey>(*std::move(key));
    why = key.error();
    if (why.code() != Errc::wrong_passphrase) break;
  }
  if (options.on_unusable) options.on_unusable(path, why);
  co_return std::nullopt;
}

net::Awaitable<Proof> nothing() { co_return std::nullopt; }

AskCredential locked_key(const std::string& path, const KeyFileOptions& options) {
  const auto asked = std::make_shared<bool>(false);
  return [path, options, asked](const std::vector<std::string>& methods) {
    const bool of_use = std::ranges::find(methods, "publickey") != methods.end();
    return of_use && !std::exchange(*asked, true) ? unlock(path, options) : nothing();
  };
}

}  // namespace

std::string user_name() { return account_of_process().name; }

std::string home_directory() {
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') return home;
  return account_of_process().home;
}

std::string usual_known_hosts() { return in_ssh_directory("known_hosts"); }

std::vector<std::string> usual_key_files() {
  std::vector<std::string> files;
  for (const char* name : {"id_ed25519", "id_ecdsa", "id_rsa"}) {
    std::string path = in_ssh_directory(name);
    if (!path.empty() && ::access(path.c_str(), R_OK) == 0) files.push_back(std::move(path));
  }
  return files;
}

Result<Credential> key_file_credential(const std::string& path, const KeyFileOptions& options) {
  Result<crypto::PrivateKey> key = crypto::load_private_key(path);
  if (key) return Credential(std::make_shared<const crypto::PrivateKey>(*std::move(key)));
  if (key.error().code() != Errc::passphrase_required || !options.ask) return key.error();
  return Credential(locked_key(path, options));
}

std::vector<Credential> usual_credentials(const KeyFileOptions& options) {
  std::vector<Credential> credentials;
  if (const std::optional<std::string> socket = Agent::usual_socket()) {
    credentials.emplace_back(AgentKeys{.socket = *socket, .only = {}});
  }
  for (const std::string& path : usual_key_files()) {
    Result<Credential> credential = key_file_credential(path, options);
    if (credential) {
      credentials.push_back(*std::move(credential));
    } else if (options.on_unusable) {
      options.on_unusable(path, credential.error());
    }
  }
  std::stable_partition(credentials.begin(), credentials.end(),
                        [](const Credential& c) { return !std::holds_alternative<AskCredential>(c); });
  return credentials;
}

}  // namespace hawser::client
