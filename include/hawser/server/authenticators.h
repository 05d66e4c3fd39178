// Who may sign in, for servers that need no more than a list or a function: public keys of a file, passwords of a file
// or of the program's own. Whatever takes its time, a directory service for one, is a subclass of Authenticator: its
// checks are awaited.
//
// Thread-safe; one authenticator serves all connections.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hawser/auth/userauth_server.h"
#include "hawser/crypto/keys.h"
#include "hawser/server/file_system.h"
#include "hawser/server/key_options.h"

namespace hawser::server {

// Who asks to be let in: what the client claims, and where it is.
struct AuthenticatingClient {
  std::string user;
  std::string peer_address = {};  // as ServerConnection::peer_address has it; empty: not known
};

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // "publickey", "password": what it can check.
  virtual std::vector<std::string> methods() const = 0;
  virtual Awaitable<auth::AuthResult> check_password(AuthenticatingClient client,
                                                     const crypto::SecretBytes& password);  // failed
  // The key has signed, or is about to be asked to.
  virtual Awaitable<auth::AuthResult> check_public_key(AuthenticatingClient client, crypto::PublicKey key);  // failed
};

// Public keys, in lines as authorized_keys has them: "[options] type base64 comment". `from` and `expiry-time` decide
// with the key who may sign in. A line with an option that cannot be enforced (KeyOptions says which can) is skipped,
// with a warning. Of several lines with one key the first that allows the client counts.
//
// An SSHServer that gives more than SFTP asks `find` for what the key may have, and its hooks deny the rest: a
// BaseSFTPServer has no terminals and no forwarding to deny.
class AuthorizedKeys final : public Authenticator {
 public:
  // `user`: the only name that may sign in; empty: any name. Errors: file_error.
  static Result<std::shared_ptr<AuthorizedKeys>> load(const std::string& path, std::string user = {});
  static std::shared_ptr<AuthorizedKeys> from_text(std::string_view text, std::string user = {});

  std::vector<std::string> methods() const override { return {"publickey"}; }
  Awaitable<auth::AuthResult> check_public_key(AuthenticatingClient client, crypto::PublicKey key) override;
  // The options of the line that lets this client in with this key, now; null: none does. Lives as long as this object.
  const KeyOptions* find(const AuthenticatingClient& client, const crypto::PublicKey& key) const;

  std::size_t size() const { return lines_.size(); }
  // One line each about what was skipped, without key material.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct Line {
    crypto::PublicKey key;
    KeyOptions options;
  };
  explicit AuthorizedKeys(std::string user) : user_(std::move(user)) {}
  static Result<Line> parse_line(std::string_view text);

  std::string user_;
  std::vector<Line> lines_;
  std::vector<std::string> warnings_;
};

// Passwords, of a map or in lines "user:password". Kept as salted hashes; an unknown user costs the same work as a
// known one.
class Passwords final : public Authenticator {
 public:
  // Errors: file_error; bad_value where a line has no colon, names a user twice, or has a hash instead of a password
  // (hashed_passwords.h is for those).
  static Result<std::shared_ptr<Passwords>> load(const std::string& path);
  static Result<std::shared_ptr<Passwords>> from_text(std::string_view text);
  static std::shared_ptr<Passwords> from_map(const std::map<std::string, std::string>& passwords);

  std::vector<std::string> methods() const override { return {"password"}; }
  Awaitable<auth::AuthResult> check_password(AuthenticatingClient client, const crypto::SecretBytes& password) override;

  std::size_t size() const { return digests_.size(); }

 private:
  Passwords();
  ByteVector digest_of(Bytes password) const;
  crypto::SecretBytes salt_;
  std::map<std::string, ByteVector, std::less<>> digests_;
  ByteVector nobody_;  // what an unknown user's password is compared with
};

// Asks a function, which must not wait, and which several threads may call at a time. An exception is a no.
using PasswordFunction = std::function<bool(std::string_view user, std::string_view password)>;
using PublicKeyFunction = std::function<bool(std::string_view user, const crypto::PublicKey& key)>;
std::shared_ptr<Authenticator> password_authenticator(PasswordFunction is_right);
std::shared_ptr<Authenticator> public_key_authenticator(PublicKeyFunction is_known);

}  // namespace hawser::server
