// What a client can prove itself with. Tried in the given order, each at most once; a method that the server does not
// take is passed over.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hawser/crypto/keys.h"
#include "hawser/crypto/secret.h"
#include "hawser/net/byte_channel.h"

namespace hawser::client {

// Copies share the one secret, which is wiped with the last of them.
class Password {
 public:
  explicit Password(std::string_view text) : secret_(std::make_shared<crypto::SecretBytes>(as_bytes(text))) {}
  std::string_view reveal() const { return as_text(secret_->view()); }

 private:
  std::shared_ptr<const crypto::SecretBytes> secret_;
};

using Key = std::shared_ptr<const crypto::Signer>;

// Asks someone when its turn comes, again and again until it gives nothing. `methods` are those that the server would
// take.
using AskCredential =
    std::function<net::Awaitable<std::optional<std::variant<Password, Key>>>(std::vector<std::string> methods)>;

using Credential = std::variant<Password, Key, AskCredential>;

}  // namespace hawser::client
