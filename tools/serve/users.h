// Who may sign in to `hawser serve`, and what they see.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config.h"
#include "hawser/server/authenticators.h"
#include "hawser/server/file_threads.h"

namespace hawser::tools {

struct UserView {
  std::shared_ptr<server::FileSystem> files;
  server::SFTPServerOptions sftp;
};

// One state of affairs; never changed, only replaced by the next one.
struct UserTable {
  std::vector<std::shared_ptr<server::Authenticator>> authenticators;
  std::map<std::string, UserView, std::less<>> views;
  std::optional<UserView> for_others;  // whoever signs in by a name that is not in `views`

  const UserView* view(const std::string& user) const;
};

// The file systems of the users, kept from one configuration to the next where nothing about them has changed, so that
// a quota goes on counting what clients of before still write.
class UserFileSystems {
 public:
  // Only to see what is wrong: a directory that would be made is not, and null stands for it.
  static UserFileSystems for_a_check() { return UserFileSystems(false); }
  explicit UserFileSystems(bool may_create = true) : may_create_(may_create) {}

  // Throws Failure, which names the user. An `earlier` one may be null.
  std::shared_ptr<server::FileSystem> open(const UserConfig& user, UserFileSystems* earlier);

 private:
  bool may_create_;
  std::shared_ptr<server::FileThreads> threads_ = std::make_shared<server::FileThreads>(8);
  std::map<std::string, std::shared_ptr<server::FileSystem>> open_;
};

// Throws Failure with all that is wrong, a line for each user.
std::shared_ptr<const UserTable> make_user_table(const std::vector<UserConfig>& users, UserFileSystems& files,
                                                 UserFileSystems* earlier,
                                                 const std::function<void(std::string)>& warn);

// Asks the table of the moment. Thread-safe.
class Users final : public server::Authenticator {
 public:
  explicit Users(std::shared_ptr<const UserTable> table) : table_(std::move(table)) {}

  void replace(std::shared_ptr<const UserTable> table);
  std::shared_ptr<const UserTable> table() const;

  std::vector<std::string> methods() const override;
  server::Awaitable<auth::AuthResult> check_password(server::AuthenticatingClient client,
                                                     const crypto::SecretBytes& password) override;
  server::Awaitable<auth::AuthResult> check_public_key(server::AuthenticatingClient client,
                                                       crypto::PublicKey key) override;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const UserTable> table_;
};

}  // namespace hawser::tools
