// The client's one place where a host key becomes trusted. NEWKEYS takes the token that only this gate gives, so that
// no path to encrypted traffic leaves the decision out.
#pragma once

#include <optional>

#include "hawser/crypto/keys.h"

namespace hawser::transport {

class HostKeyVerified {
 private:
  friend class HostKeyGate;
  HostKeyVerified() = default;
};

class HostKeyGate {
 public:
  // The user, or whoever decides for the user, trusts this key.
  HostKeyVerified accept(crypto::PublicKey key) {
    accepted_ = std::move(key);
    return {};
  }
  // In a rekey: the key that is trusted already needs no new decision; any other has no excuse
  // (Errc::host_key_changed). nullopt: nothing is trusted yet, ask.
  Result<std::optional<HostKeyVerified>> recognise(const crypto::PublicKey& key) const {
    if (!accepted_) return std::optional<HostKeyVerified>();
    if (!(*accepted_ == key)) return Error(Errc::host_key_changed, "host key");
    return std::optional<HostKeyVerified>(HostKeyVerified());
  }

 private:
  std::optional<crypto::PublicKey> accepted_;
};

}  // namespace hawser::transport
