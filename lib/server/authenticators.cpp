#include "hawser/server/authenticators.h"

#include <algorithm>

#include "hawser/crypto/hash.h"
#include "hawser/crypto/password_hash.h"
#include "server/credential_file.h"

namespace hawser::server {

using auth::AuthResult;

namespace {

bool begins_with_key_type(std::string_view line) {
  return std::ranges::any_of(crypto::signature_rows(), [&](const crypto::SignatureRow& row) {
    return line.starts_with(row.key_blob_type) && line.size() > row.key_blob_type.size() &&
           line[row.key_blob_type.size()] == ' ';
  });
}

}  // namespace

Awaitable<AuthResult> Authenticator::check_password(std::string, const crypto::SecretBytes&) {
  co_return AuthResult::failed;
}

Awaitable<AuthResult> Authenticator::check_public_key(std::string, crypto::PublicKey) { co_return AuthResult::failed; }

Result<std::shared_ptr<AuthorizedKeys>> AuthorizedKeys::load(const std::string& path, std::string user) {
  const Result<std::string> text = read_credential_file(path);
  if (!text) return text.error();
  return from_text(*text, std::move(user));
}

std::shared_ptr<AuthorizedKeys> AuthorizedKeys::from_text(std::string_view text, std::string user) {
  std::shared_ptr<AuthorizedKeys> out(new AuthorizedKeys(std::move(user)));
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.empty() || line.front() == '#') return;
    Result<crypto::PublicKey> key = crypto::PublicKey::from_text(line);
    if (key) {
      out->keys_.push_back(std::move(*key));
      return;
    }
    const char* why =
        begins_with_key_type(line) ? "the key is not valid" : "it begins with options, or its key type is unknown";
    out->warnings_.push_back("line " + std::to_string(number) + " is skipped: " + why);
  });
  return out;
}

Awaitable<AuthResult> AuthorizedKeys::check_public_key(std::string user, crypto::PublicKey key) {
  const bool known = std::ranges::find(keys_, key) != keys_.end();
  co_return known && (user_.empty() || user == user_) ? AuthResult::successful : AuthResult::failed;
}

Passwords::Passwords() : salt_(32) {
  crypto::system_random()->fill(salt_.mutable_view());
  nobody_ = digest_of({});
  nobody_[0] ^= 1;  // the hash of no password, not even of the empty one
}

Result<std::shared_ptr<Passwords>> Passwords::load(const std::string& path) {
  Result<std::string> text = read_credential_file(path);
  if (!text) return text.error();
  Result<std::shared_ptr<Passwords>> out = from_text(*text);
  crypto::wipe({reinterpret_cast<std::uint8_t*>(text->data()), text->size()});
  return out;
}

Result<std::shared_ptr<Passwords>> Passwords::from_text(std::string_view text) {
  std::shared_ptr<Passwords> out(new Passwords());
  bool good = true;
  for_each_line(text, [&](std::string_view line, std::size_t) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      good = false;
      return;
    }
    const Bytes password = as_bytes(line.substr(colon + 1));
    if (crypto::PasswordHash::is_hash(as_text(password))) good = false;  // nobody's password: whoever reads it could use it
    if (!out->digests_.emplace(line.substr(0, colon), out->digest_of(password)).second) good = false;
  });
  if (!good) return Error(Errc::bad_value, "a line of a password file is not user:password, has a hash, or names a user again");
  return out;
}

std::shared_ptr<Passwords> Passwords::from_map(const std::map<std::string, std::string>& passwords) {
  std::shared_ptr<Passwords> out(new Passwords());
  for (const auto& [user, password] : passwords) out->digests_.emplace(user, out->digest_of(as_bytes(password)));
  return out;
}

// Hashed, so that the comparison takes the same time for passwords of every length.
ByteVector Passwords::digest_of(Bytes password) const {
  return crypto::Hash(crypto::HashAlgorithm::sha256).update(salt_.view()).update(password).finish();
}

Awaitable<AuthResult> Passwords::check_password(std::string user, const crypto::SecretBytes& password) {
  const auto found = digests_.find(user);
  const bool known = found != digests_.end();
  const bool right = crypto::constant_time_equal(digest_of(password.view()), known ? found->second : nobody_);
  // An empty password is a line that somebody forgot to finish.
  co_return known&& right && !password.empty() ? AuthResult::successful : AuthResult::failed;
}

namespace {

class PasswordAsker final : public Authenticator {
 public:
  explicit PasswordAsker(PasswordFunction is_right) : is_right_(std::move(is_right)) {}
  std::vector<std::string> methods() const override { return {"password"}; }
  Awaitable<AuthResult> check_password(std::string user, const crypto::SecretBytes& password) override {
    co_return is_right_(user, as_text(password.view())) ? AuthResult::successful : AuthResult::failed;
  }

 private:
  const PasswordFunction is_right_;
};

class PublicKeyAsker final : public Authenticator {
 public:
  explicit PublicKeyAsker(PublicKeyFunction is_known) : is_known_(std::move(is_known)) {}
  std::vector<std::string> methods() const override { return {"publickey"}; }
  Awaitable<AuthResult> check_public_key(std::string user, crypto::PublicKey key) override {
    co_return is_known_(user, key) ? AuthResult::successful : AuthResult::failed;
  }

 private:
  const PublicKeyFunction is_known_;
};

}  // namespace

std::shared_ptr<Authenticator> password_authenticator(PasswordFunction is_right) {
  return std::make_shared<PasswordAsker>(std::move(is_right));
}

std::shared_ptr<Authenticator> public_key_authenticator(PublicKeyFunction is_known) {
  return std::make_shared<PublicKeyAsker>(std::move(is_known));
}

}  // namespace hawser::server
