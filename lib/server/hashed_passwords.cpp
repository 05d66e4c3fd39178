#include "hawser/server/hashed_passwords.h"

#include <algorithm>

#include "server/credential_file.h"

namespace hawser::server {

using auth::AuthResult;

namespace {

crypto::PasswordHash as_dear_as(const HashedPasswords::Hashes& hashes) {
  crypto::Argon2Cost cost;
  for (const auto& [user, hash] : hashes) {
    if (user == hashes.begin()->first || hash.cost() > cost) cost = hash.cost();
  }
  return crypto::PasswordHash::of_nothing(*crypto::system_random(), cost);
}

}  // namespace

HashedPasswords::HashedPasswords(Hashes hashes, std::size_t threads)
    : hashes_(std::move(hashes)), nobody_(as_dear_as(hashes_)), threads_(threads) {}

Result<std::shared_ptr<HashedPasswords>> HashedPasswords::load(const std::string& path) {
  const Result<std::string> text = read_credential_file(path);
  if (!text) return text.error();
  return from_text(*text);
}

Result<std::shared_ptr<HashedPasswords>> HashedPasswords::from_text(std::string_view text) {
  Hashes hashes;
  bool good = true;
  for_each_line(text, [&](std::string_view line, std::size_t) {
    const std::size_t colon = line.find(':');
    good = good && colon != std::string_view::npos && colon != 0;
    if (!good) return;
    const Result<crypto::PasswordHash> hash = crypto::PasswordHash::from_text(line.substr(colon + 1));
    good = hash && hashes.emplace(line.substr(0, colon), *hash).second;
  });
  if (!good) return Error(Errc::bad_value, "a line of a password file is not user:hash, or names a user again");
  return std::make_shared<HashedPasswords>(std::move(hashes));
}

Awaitable<AuthResult> HashedPasswords::check_password(AuthenticatingClient client,
                                                      const crypto::SecretBytes& password) {
  const auto found = hashes_.find(client.user);
  const bool known = found != hashes_.end();
  const crypto::PasswordHash& hash = known ? found->second : nobody_;
  // Copies: whoever waits may be gone before the thread is done.
  auto check = [hash, tried = password.clone()]() -> FileResult<bool> { return hash.matches(tried.view()); };
  const FileResult<bool> right = co_await threads_.run(std::move(check));
  co_return known&& right&&* right ? AuthResult::successful : AuthResult::failed;
}

}  // namespace hawser::server
