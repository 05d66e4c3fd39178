#include "users.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "hawser/server/hashed_passwords.h"
#include "hawser/server/quota_file_system.h"
#include "hawser/server/user_roots.h"
#include "tools/connect.h"

namespace hawser::tools {
namespace {

using auth::AuthResult;

// The keys of each user by name.
class KeysByUser final : public server::Authenticator {
 public:
  using Keys = std::map<std::string, std::vector<std::shared_ptr<server::AuthorizedKeys>>, std::less<>>;
  explicit KeysByUser(Keys keys) : keys_(std::move(keys)) {}

  std::vector<std::string> methods() const override { return {"publickey"}; }
  server::Awaitable<AuthResult> check_public_key(server::AuthenticatingClient client, crypto::PublicKey key) override {
    const auto found = keys_.find(client.user);
    if (found == keys_.end()) co_return AuthResult::failed;
    for (const std::shared_ptr<server::AuthorizedKeys>& list : found->second) {
      const AuthResult result = co_await list->check_public_key(client, key);
      if (result != AuthResult::failed) co_return result;
    }
    co_return AuthResult::failed;
  }

 private:
  const Keys keys_;
};

std::string with_name(std::string_view pattern, const std::string& user) {
  std::string out;
  for (std::size_t at = 0; at != pattern.size(); ++at) {
    if (pattern.substr(at).starts_with("%u")) {
      out += user;
      ++at;
    } else {
      out += pattern[at];
    }
  }
  return out;
}

Failure failure(const UserConfig& user, const std::string& text) {
  return {operation_failed, fmt::format("{}: user \"{}\": {}", user.where, user.name, text)};
}

// With a root of their own, nobody's symbolic link on the way to it is followed; a root that is shared is opened as it
// is named.
std::shared_ptr<server::FileSystem> open_root(const UserConfig& user, const server::LocalOptions& local) {
  const FilesConfig& config = user.files;
  if (config.root.find("%u") == std::string::npos) {
    auto files = server::LocalFileSystem::open(config.root, local);
    if (!files) throw failure(user, fmt::format("root {}: {}", config.root, files.error().message()));
    return *files;
  }
  server::UserRootsOptions options;
  options.create = config.create;
  options.local = local;
  const auto roots = server::UserRoots::create(config.root, options);
  if (!roots) throw failure(user, fmt::format("root {}: {}", config.root, roots.error().message()));
  auto files = (*roots)->file_system(user.name);
  if (!files) {
    throw failure(user, fmt::format("root {}: no directory{}", with_name(config.root, user.name),
                                    config.create ? ", and it cannot be made" : "; create = true makes it"));
  }
  return files;
}

// What the keys of a user are, for messages about both kinds.
std::vector<std::shared_ptr<server::AuthorizedKeys>> keys_of(const UserConfig& user,
                                                             const std::function<void(std::string)>& warn) {
  std::vector<std::shared_ptr<server::AuthorizedKeys>> all;
  const auto tell = [&](const std::string& what, const server::AuthorizedKeys& keys) {
    for (const std::string& warning : keys.warnings()) warn(fmt::format("user {}: {}: {}", user.name, what, warning));
  };
  if (!user.authorized_keys.empty()) {
    all.push_back(
        server::AuthorizedKeys::from_text(fmt::format("{}", fmt::join(user.authorized_keys, "\n")), user.name));
    tell("authorized_keys", *all.back());
  }
  if (!user.authorized_keys_file.empty()) {
    const std::string path = with_name(user.authorized_keys_file, user.name);
    auto keys = server::AuthorizedKeys::load(path, user.name);
    if (!keys) throw failure(user, fmt::format("authorized_keys_file {}: {}", path, keys.error().message()));
    tell(path, **keys);
    all.push_back(*keys);
  }
  const bool some = std::ranges::any_of(all, [](const auto& list) { return list->size() != 0; });
  if (!some && user.password.empty()) throw failure(user, "could not sign in: there is no usable key");
  return all;
}

UserView view_of(const UserConfig& user, std::shared_ptr<server::FileSystem> files) {
  UserView view;
  view.files = std::move(files);
  view.sftp.read_only = user.files.read_only;
  view.sftp.umask = user.files.umask;
  view.sftp.start_directory = user.files.start_directory;
  return view;
}

}  // namespace

const UserView* UserTable::view(const std::string& user) const {
  const auto found = views.find(user);
  if (found != views.end()) return &found->second;
  return for_others ? &*for_others : nullptr;
}

std::shared_ptr<server::FileSystem> UserFileSystems::open(const UserConfig& user, UserFileSystems* earlier) {
  const FilesConfig& config = user.files;
  const std::string path = with_name(config.root, user.name);
  const auto key = [&] {
    struct stat root {};
    // Another directory of the same name is another file system.
    if (::stat(path.c_str(), &root) != 0) return std::string();
    return fmt::format("{}\n{} {} {} {}", path, root.st_dev, root.st_ino, config.quota_bytes, config.quota_files);
  };
  for (UserFileSystems* known : {this, earlier}) {
    if (known == nullptr) continue;
    if (const auto found = known->open_.find(key()); found != known->open_.end()) {
      open_.insert(*found);
      return found->second;
    }
  }
  if (!may_create_ && config.create && key().empty()) return nullptr;
  server::LocalOptions local;
  local.threads = threads_;
  std::shared_ptr<server::FileSystem> files = open_root(user, local);
  if (config.quota_bytes != 0 || config.quota_files != 0) {
    auto limited = server::QuotaFileSystem::create_now(files, {config.quota_bytes, config.quota_files});
    if (!limited) throw failure(user, fmt::format("root {}: what is there cannot be counted for the quota", path));
    files = *limited;
  }
  open_.insert_or_assign(key(), files);
  return files;
}

std::shared_ptr<const UserTable> make_user_table(const std::vector<UserConfig>& users, UserFileSystems& files,
                                                 UserFileSystems* earlier,
                                                 const std::function<void(std::string)>& warn) {
  auto table = std::make_shared<UserTable>();
  KeysByUser::Keys keys;
  server::HashedPasswords::Hashes hashes;
  std::vector<std::string> problems;
  for (const UserConfig& user : users) {
    try {
      auto lists = keys_of(user, warn);
      if (!lists.empty()) keys.emplace(user.name, std::move(lists));
      if (!user.password.empty()) hashes.emplace(user.name, *crypto::PasswordHash::from_text(user.password));
      table->views.emplace(user.name, view_of(user, files.open(user, earlier)));
    } catch (const Failure& failed) {
      problems.push_back(failed.text);
    }
  }
  if (!problems.empty()) throw Failure{operation_failed, fmt::format("{}", fmt::join(problems, "\n"))};
  if (!keys.empty()) table->authenticators.push_back(std::make_shared<KeysByUser>(std::move(keys)));
  if (!hashes.empty()) table->authenticators.push_back(std::make_shared<server::HashedPasswords>(std::move(hashes)));
  return table;
}

void Users::replace(std::shared_ptr<const UserTable> table) {
  const std::lock_guard lock(mutex_);
  table_ = std::move(table);
}

std::shared_ptr<const UserTable> Users::table() const {
  const std::lock_guard lock(mutex_);
  return table_;
}

std::vector<std::string> Users::methods() const {
  std::vector<std::string> all;
  for (const auto& authenticator : table()->authenticators) {
    for (const std::string& method : authenticator->methods()) {
      if (std::ranges::find(all, method) == all.end()) all.push_back(method);
    }
  }
  return all;
}

server::Awaitable<AuthResult> Users::check_password(server::AuthenticatingClient client,
                                                    const crypto::SecretBytes& password) {
  const std::shared_ptr<const UserTable> now = table();
  AuthResult result = AuthResult::failed;
  for (const auto& authenticator : now->authenticators) {
    const AuthResult one = co_await authenticator->check_password(client, password);
    if (result == AuthResult::failed) result = one;
  }
  co_return result;
}

server::Awaitable<AuthResult> Users::check_public_key(server::AuthenticatingClient client, crypto::PublicKey key) {
  const std::shared_ptr<const UserTable> now = table();
  for (const auto& authenticator : now->authenticators) {
    const AuthResult result = co_await authenticator->check_public_key(client, key);
    if (result != AuthResult::failed) co_return result;
  }
  co_return AuthResult::failed;
}

}  // namespace hawser::tools
