// Passwords kept as argon2id hashes, of lines "user:$argon2id$…" as `hawser passwd` makes them.
//
// A check takes the time that its hash says, on threads of its own: connections do not wait with it, and at most as
// many checks take memory at a time as there are threads. Unknown users cost what the dearest known one costs.
// Thread-safe.
#pragma once

#include "hawser/crypto/password_hash.h"
#include "hawser/server/authenticators.h"
#include "hawser/server/file_threads.h"

namespace hawser::server {

class HashedPasswords final : public Authenticator {
 public:
  using Hashes = std::map<std::string, crypto::PasswordHash, std::less<>>;

  explicit HashedPasswords(Hashes hashes, std::size_t threads = 2);
  // Errors: file_error; bad_value where a line is not user:hash or names a user twice.
  static Result<std::shared_ptr<HashedPasswords>> load(const std::string& path);
  static Result<std::shared_ptr<HashedPasswords>> from_text(std::string_view text);

  std::vector<std::string> methods() const override { return {"password"}; }
  Awaitable<auth::AuthResult> check_password(AuthenticatingClient client, const crypto::SecretBytes& password) override;

  std::size_t size() const { return hashes_.size(); }

 private:
  const Hashes hashes_;
  const crypto::PasswordHash nobody_;  // what an unknown user's password is compared with
  FileThreads threads_;
};

}  // namespace hawser::server
