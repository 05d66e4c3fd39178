#include "hawser/server/authenticators.h"

#include <algorithm>
#include <chrono>

#include "hawser/crypto/hash.h"
#include "hawser/crypto/password_hash.h"
#include "server/client_address.h"
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

// At the first blank outside quotation marks; \" does not end a quotation.
std::size_t end_of_options(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i != line.size(); ++i) {
    if (line.substr(i).starts_with("\\\"")) {
      ++i;
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && (line[i] == ' ' || line[i] == '\t')) {
      return i;
    }
  }
  return line.size();
}

}  // namespace

Awaitable<AuthResult> Authenticator::check_password(AuthenticatingClient, const crypto::SecretBytes&) {
  co_return AuthResult::failed;
}

Awaitable<AuthResult> Authenticator::check_public_key(AuthenticatingClient, crypto::PublicKey) {
  co_return AuthResult::failed;
}

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
    Result<Line> parsed = parse_line(line);
    if (parsed) {
      out->lines_.push_back(std::move(*parsed));
    } else {
      out->warnings_.push_back("line " + std::to_string(number) + " is skipped: " + parsed.error().where());
    }
  });
  return out;
}

Result<AuthorizedKeys::Line> AuthorizedKeys::parse_line(std::string_view text) {
  KeyOptions options;
  if (!begins_with_key_type(text)) {
    const std::string_view options_text = text.substr(0, end_of_options(text));
    text.remove_prefix(options_text.size());
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    const Result<KeyOptions> parsed = KeyOptions::parse(options_text);
    if (!parsed) return parsed.error();
    options = *parsed;
  }
  Result<crypto::PublicKey> key = crypto::PublicKey::from_text(text);
  if (!key) return Error(Errc::bad_key, "the key is not valid, or of an unknown type");
  return Line{std::move(*key), std::move(options)};
}

const KeyOptions* AuthorizedKeys::find(const AuthenticatingClient& client, const crypto::PublicKey& key) const {
  if (!user_.empty() && client.user != user_) return nullptr;
  const std::optional<asio::ip::address> address = ip_of_text(client.peer_address);
  const std::int64_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const auto found = std::ranges::find_if(
      lines_, [&](const Line& line) { return line.key == key && line.options.allows(address, now); });
  return found == lines_.end() ? nullptr : &found->options;
}

Awaitable<AuthResult> AuthorizedKeys::check_public_key(AuthenticatingClient client, crypto::PublicKey key) {
  co_return find(client, key) != nullptr ? AuthResult::successful : AuthResult::failed;
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
    if (crypto::PasswordHash::is_hash(as_text(password)))
      good = false;  // nobody's password: whoever reads it could use it
    if (!out->digests_.emplace(line.substr(0, colon), out->digest_of(password)).second) good = false;
  });
  if (!good)
    return Error(Errc::bad_value, "a line of a password file is not user:password, has a hash, or names a user again");
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

Awaitable<AuthResult> Passwords::check_password(AuthenticatingClient client, const crypto::SecretBytes& password) {
  const auto found = digests_.find(client.user);
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
  Awaitable<AuthResult> check_password(AuthenticatingClient client, const crypto::SecretBytes& password) override {
    co_return is_right_(client.user, as_text(password.view())) ? AuthResult::successful : AuthResult::failed;
  }

 private:
  const PasswordFunction is_right_;
};

class PublicKeyAsker final : public Authenticator {
 public:
  explicit PublicKeyAsker(PublicKeyFunction is_known) : is_known_(std::move(is_known)) {}
  std::vector<std::string> methods() const override { return {"publickey"}; }
  Awaitable<AuthResult> check_public_key(AuthenticatingClient client, crypto::PublicKey key) override {
    co_return is_known_(client.user, key) ? AuthResult::successful : AuthResult::failed;
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
