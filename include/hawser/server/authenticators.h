// Who may sign in, for servers that need no more than a list: public keys of a file, passwords of a file.
//
// Thread-safe; one authenticator serves all connections.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hawser/auth/userauth_server.h"
#include "hawser/crypto/keys.h"
#include "hawser/server/file_system.h"

namespace hawser::server {

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // "publickey", "password": what it can check.
  virtual std::vector<std::string> methods() const = 0;
  virtual Awaitable<auth::AuthResult> check_password(std::string user, const crypto::SecretBytes& password);  // failed
  // The key has signed, or is about to be asked to.
  virtual Awaitable<auth::AuthResult> check_public_key(std::string user, crypto::PublicKey key);  // failed
};

// Public keys, in lines as authorized_keys has them: "type base64 comment". A line with options in front is skipped,
// with a warning: to take the key and drop its restrictions would let in more than its owner meant.
class AuthorizedKeys final : public Authenticator {
 public:
  // `user`: the only name that may sign in; empty: any name. Errors: file_error.
  static Result<std::shared_ptr<AuthorizedKeys>> load(const std::string& path, std::string user = {});
  static std::shared_ptr<AuthorizedKeys> from_text(std::string_view text, std::string user = {});

  std::vector<std::string> methods() const override { return {"publickey"}; }
  Awaitable<auth::AuthResult> check_public_key(std::string user, crypto::PublicKey key) override;

  std::size_t size() const { return keys_.size(); }
  // One line each about what was skipped, without key material.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  explicit AuthorizedKeys(std::string user) : user_(std::move(user)) {}
  std::string user_;
  std::vector<crypto::PublicKey> keys_;
  std::vector<std::string> warnings_;
};

// Passwords, in lines "user:password". Kept as salted hashes; an unknown user costs the same work as a known one.
class Passwords final : public Authenticator {
 public:
  // Errors: file_error; bad_value where a line has no colon or names a user twice.
  static Result<std::shared_ptr<Passwords>> load(const std::string& path);
  static Result<std::shared_ptr<Passwords>> from_text(std::string_view text);

  std::vector<std::string> methods() const override { return {"password"}; }
  Awaitable<auth::AuthResult> check_password(std::string user, const crypto::SecretBytes& password) override;

  std::size_t size() const { return digests_.size(); }

 private:
  Passwords();
  ByteVector digest_of(Bytes password) const;
  crypto::SecretBytes salt_;
  std::map<std::string, ByteVector, std::less<>> digests_;
  ByteVector nobody_;  // what an unknown user's password is compared with
};

}  // namespace hawser::server
