// SSH_MSG_EXT_INFO (RFC 8308): what a server sends, and when a peer may send it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hawser/transport/messages.h"

namespace hawser::transport {

// SSH_MSG_USERAUTH_SUCCESS (RFC 4252 §5.1): of the service above, but delayed compression begins behind it, and
// EXT_INFO may stand before it.
inline constexpr std::uint8_t userauth_success = 52;

// The server's message: server-sig-algs (RFC 8308 §3.1), publickey-hostbound@openssh.com (OpenSSH PROTOCOL §3.1) and
// ping@openssh.com (OpenSSH PROTOCOL §1.11).
ByteVector make_ext_info(const std::vector<std::string>& user_signature_algorithms);

// RFC 8308 §2.4: a peer sends it as the first packet after its first NEWKEYS, and a server once more right before
// USERAUTH_SUCCESS. Anything else is refused.
class ExtInfoReceiver {
 public:
  // Told of every packet but EXT_INFO, and of the peer's first NEWKEYS. Errors: unexpected_message.
  Result<void> before_packet(std::uint8_t number);
  void first_newkeys() { first_packet_after_newkeys_ = true; }

  // Errors: unexpected_message, and those of decoding.
  Result<void> receive(Bytes payload, bool from_server);

  // Of the latest message. server-sig-algs, the first limits::server_sig_algs names; empty where none came.
  const std::vector<std::string>& signature_algorithms() const { return signature_algorithms_; }
  // publickey-hostbound@openssh.com
  bool hostbound_publickey() const { return hostbound_publickey_; }

 private:
  Result<void> decode(Bytes payload);

  bool first_packet_after_newkeys_ = false;
  bool success_must_follow_ = false;
  bool success_was_announced_ = false;
  std::vector<std::string> signature_algorithms_;
  bool hostbound_publickey_ = false;
};

}  // namespace hawser::transport
