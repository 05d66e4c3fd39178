// What the person who runs the program has set up for SSH: the files of ~/.ssh, and the agent. Only on request; nothing
// here is used by itself.
//
//   ClientOptions options{.host = "example.org", .user = user_name()};
//   options.credentials = usual_credentials();
//   options.host_keys = std::make_shared<KnownHostsVerifier>(*KnownHosts::load(usual_known_hosts()));
//
// All of these look anew at each call.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hawser/client/credentials.h"

namespace hawser::client {

// Whom the process runs as (its effective user); empty: the system has no name for it.
std::string user_name();
// $HOME, or what the system says; empty: neither.
std::string home_directory();
// ~/.ssh/known_hosts, there or not; empty: no home.
std::string usual_known_hosts();
// Those of ~/.ssh/id_ed25519, id_ecdsa and id_rsa that can be opened, in this order.
std::vector<std::string> usual_key_files();

struct KeyFileOptions {
  // Asked for the passphrase of the key in `path` when the key's turn to be tried comes, and again after a wrong one;
  // nullopt gives the key up.
  std::function<net::Awaitable<std::optional<Password>>(std::string path)> ask;
  std::size_t tries = 3;
  // Told which file cannot be used, and why.
  std::function<void(const std::string& path, const Error& why)> on_unusable;
};

// The key in a file. One that takes a passphrase is read when its turn comes, where `options.ask` is there. Errors:
// those of crypto::load_private_key; later ones go to `on_unusable`, and the next credential is tried.
Result<Credential> key_file_credential(const std::string& path, const KeyFileOptions& options = {});

// The agent's keys, the usual key files that are plain, then those that take a passphrase, so that nobody is asked
// before all else has failed. Files that cannot be used are left out, and `on_unusable` is told.
std::vector<Credential> usual_credentials(const KeyFileOptions& options = {});

}  // namespace hawser::client
