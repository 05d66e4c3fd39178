// A text that is not shown: a password, a private key. Copies share the one memory, which is wiped with the last of
// them.
#pragma once

#include <memory>
#include <ostream>

#include "hawser/crypto/secret.h"

namespace hawser::client {

class Secret {
 public:
  Secret() : Secret(std::string_view()) {}
  Secret(std::string_view text) : bytes_(std::make_shared<crypto::SecretBytes>(as_bytes(text))) {}
  Secret(const char* text) : Secret(std::string_view(text)) {}
  Secret(const std::string& text) : Secret(std::string_view(text)) {}

  // Valid as long as any copy.
  std::string_view reveal() const { return as_text(bytes_->view()); }
  explicit operator bool() const { return !bytes_->empty(); }

  friend bool operator==(const Secret& a, const Secret& b) {
    return crypto::constant_time_equal(a.bytes_->view(), b.bytes_->view());
  }
  friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "***"; }

 private:
  std::shared_ptr<const crypto::SecretBytes> bytes_;
};

}  // namespace hawser::client

template <>
struct std::hash<hawser::client::Secret> {
  std::size_t operator()(const hawser::client::Secret& s) const { return std::hash<std::string_view>()(s.reveal()); }
};
