// A server tells a client all its host keys, and proves that it owns them (OpenSSH PROTOCOL §2.5): so a client learns
// the next key before the old one is retired.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "hawser/crypto/keys.h"
#include "hawser/transport/session_id.h"

namespace hawser::server {

inline constexpr std::string_view host_keys_announcement = "hostkeys-00@openssh.com";
inline constexpr std::string_view host_keys_proof = "hostkeys-prove-00@openssh.com";

using HostKeyView = std::span<const std::shared_ptr<const crypto::Signer>>;

// The body of the announcement: a string per key blob.
ByteVector announce_host_keys(HostKeyView keys);

// The body of the answer to a proof request, which names keys by their blobs: a signature for each, in order.
// `negotiated` is the host key algorithm of the key exchange: an RSA key signs with it where it can. Errors: not_found
// (a key that is not ours), bad_value (one named twice), truncated, and the signer's.
Result<ByteVector> prove_host_keys(HostKeyView keys, Bytes asked, const transport::SessionId& session,
                                   std::string_view negotiated);

}  // namespace hawser::server
