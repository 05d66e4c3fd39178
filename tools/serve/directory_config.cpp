#include "directory_config.h"

#include <fmt/format.h>

#include "hawser/server/hashed_passwords.h"
#include "hawser/server/local_file_system.h"
#include "moduli.h"
#include "tools/connect.h"

namespace hawser::tools {
namespace {

std::shared_ptr<server::Authenticator> load_passwords(const std::string& path) {
  if (auto hashed = server::HashedPasswords::load(path)) return *hashed;
  auto plain = server::Passwords::load(path);
  if (!plain) {
    throw Failure{operation_failed,
                  fmt::format("{}: {}; all lines are user:password, or all are user:hash as of `hawser passwd`", path,
                              plain.error().message())};
  }
  return *plain;
}

}  // namespace

ServeConfig directory_config(const ServeOptions& options) {
  ServeConfig config;
  config.listen.bind_address = options.bind;
  config.listen.port = options.port;
  if (!options.host_key.empty()) config.host_keys = {options.host_key};
  apply(options.algorithms, options.rekey_bytes, config.listen.session.transport);
  if (!options.moduli.empty()) config.listen.session.transport.moduli = load_moduli(options.moduli);
  return config;
}

std::shared_ptr<const UserTable> directory_users(const ServeOptions& options) {
  auto table = std::make_shared<UserTable>();
  auto files = server::LocalFileSystem::open(options.directory);
  if (!files) throw Failure{operation_failed, fmt::format("{}: {}", options.directory, files.error().message())};
  table->for_others = UserView{*files, {}};
  table->for_others->sftp.read_only = options.read_only;
  if (!options.authorized_keys.empty()) {
    auto keys = server::AuthorizedKeys::load(options.authorized_keys, options.user);
    if (!keys) throw Failure{operation_failed, fmt::format("{}: {}", options.authorized_keys, keys.error().message())};
    for (const std::string& warning : (*keys)->warnings())
      fmt::print(stderr, "{}: {}\n", options.authorized_keys, warning);
    if ((*keys)->size() == 0)
      throw Failure{operation_failed, fmt::format("{}: no usable key in it", options.authorized_keys)};
    table->authenticators.push_back(*keys);
  }
  if (!options.password_file.empty()) table->authenticators.push_back(load_passwords(options.password_file));
  if (table->authenticators.empty()) {
    throw Failure{usage_error, "nobody could sign in: give --authorized-keys or --password-file"};
  }
  return table;
}

}  // namespace hawser::tools
