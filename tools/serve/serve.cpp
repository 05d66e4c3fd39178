// `hawser serve`: a directory over SFTP, in the foreground.
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <fmt/format.h>

#include <cstdio>

#include "commands.h"
#include "connect.h"
#include "hawser/server/base_sftp_server.h"
#include "hawser/server/local_file_system.h"

namespace hawser::tools {
namespace {

std::vector<std::shared_ptr<server::Authenticator>> make_authenticators(const ServeOptions& options) {
  std::vector<std::shared_ptr<server::Authenticator>> all;
  if (!options.authorized_keys.empty()) {
    auto keys = server::AuthorizedKeys::load(options.authorized_keys, options.user);
    if (!keys) throw Failure{operation_failed, fmt::format("{}: {}", options.authorized_keys, keys.error().message())};
    for (const std::string& warning : (*keys)->warnings()) fmt::print(stderr, "{}: {}\n", options.authorized_keys, warning);
    if ((*keys)->size() == 0) throw Failure{operation_failed, fmt::format("{}: no usable key in it", options.authorized_keys)};
    all.push_back(*keys);
  }
  if (!options.password_file.empty()) {
    auto passwords = server::Passwords::load(options.password_file);
    if (!passwords) {
      throw Failure{operation_failed, fmt::format("{}: {}; lines are user:password", options.password_file, passwords.error().message())};
    }
    all.push_back(*passwords);
  }
  if (all.empty()) throw Failure{usage_error, "nobody could sign in: give --authorized-keys or --password-file"};
  return all;
}

std::shared_ptr<const crypto::Signer> host_key(const ServeOptions& options) {
  if (options.host_key.empty()) {
    auto key = server::ephemeral_host_key();
    if (!key) throw Failure{operation_failed, "no host key could be made: " + key.error().message()};
    return *key;
  }
  const std::unique_ptr<crypto::Random> random = crypto::system_random();
  Result<crypto::PrivateKey> key = crypto::load_or_create_private_key(options.host_key, crypto::KeyType::ed25519, *random);
  if (!key) throw Failure{operation_failed, fmt::format("--host-key {}: {}", options.host_key, key.error().message())};
  return std::make_shared<const crypto::PrivateKey>(std::move(*key));
}

int serve_until_signalled(const ServeOptions& options) {
  server::BaseSFTPServerOptions server_options;
  auto files = server::LocalFileSystem::open(options.directory);
  if (!files) throw Failure{operation_failed, fmt::format("{}: {}", options.directory, files.error().message())};
  server_options.file_system = *files;
  server_options.authenticators = make_authenticators(options);
  server_options.sftp.read_only = options.read_only;
  const std::shared_ptr<const crypto::Signer> key = host_key(options);
  server_options.listen.host_keys = {key};
  server_options.listen.bind_address = options.bind;
  server_options.listen.port = options.port;
  server_options.listen.log = server::log_to_stderr(server::LogLevel::info);
  apply(options.algorithms, options.rekey_bytes, server_options.listen.session.transport);

  asio::io_context context;
  asio::signal_set signals(context, SIGTERM, SIGINT);
  server::BaseSFTPServer server(server_options);
  if (const Result<void> started = server.start(); !started) {
    throw Failure{operation_failed, fmt::format("cannot listen on {} port {}: {}", options.bind, options.port, started.error().message())};
  }
  const bool ipv6 = options.bind.find(':') != std::string::npos;
  fmt::print("serving {}{}\nhost key {}\nlistening on {}{}{}:{}\n", options.directory, options.read_only ? " (read-only)" : "",
             key->public_key().fingerprint(), ipv6 ? "[" : "", options.bind, ipv6 ? "]" : "", server.port());
  std::fflush(stdout);
  signals.async_wait([](const asio::error_code&, int) {});
  context.run();
  server.stop();
  return success;
}

}  // namespace

int serve(const ServeOptions& options) {
  try {
    return serve_until_signalled(options);
  } catch (const Failure& failure) {
    fmt::print(stderr, "hawser serve: {}\n", failure.text);
    return failure.exit_code;
  }
}

}  // namespace hawser::tools
