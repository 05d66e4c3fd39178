// Our side of the negotiation: the KEXINIT message that a role sends under a configuration.
#pragma once

#include "hawser/crypto/random.h"
#include "hawser/transport/transport.h"

namespace hawser::transport {

// Names in a kex_algorithms list that are announcements, not methods.
namespace marker {
inline constexpr std::string_view ext_info_client = "ext-info-c";                  // RFC 8308 §2.1
inline constexpr std::string_view strict_client = "kex-strict-c-v00@openssh.com";  // OpenSSH PROTOCOL §1.10
inline constexpr std::string_view strict_server = "kex-strict-s-v00@openssh.com";
inline constexpr std::string_view strict_of(Role role) { return role == Role::client ? strict_client : strict_server; }
}  // namespace marker

// Whether a KEXINIT can be made of it. Errors: invalid_argument, for what `AlgorithmPolicy::check` refuses, and for a
// server none of whose host keys is of an allowed algorithm.
Result<void> check_proposal(Role role, const TransportConfig& config);

// The payload of our KEXINIT. Announcements are made in the first exchange only.
ByteVector make_kexinit(Role role, const TransportConfig& config, bool first_exchange, crypto::Random& random);

// The host key that proves a server's identity under `row`; null when none fits.
std::shared_ptr<const crypto::Signer> find_host_key(const TransportConfig& config, const crypto::SignatureRow& row);

}  // namespace hawser::transport
