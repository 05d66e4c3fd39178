// Every way the core can fail, grouped by who is to blame. An `Errc` is a std::error_code enumeration, so that it
// travels through Asio and user code as one.
#pragma once

#include <string>
#include <system_error>

namespace hawser {

enum class Blame { peer_malformed, peer_protocol, negotiation, crypto, limit, caller, closed, local };

enum class Errc {
  ok = 0,
  // The peer sent bytes that do not parse.
  truncated = 100,     // a message ends inside a field
  trailing_bytes,      // bytes after the last field
  bad_value,           // a field holds a value its RFC forbids
  bad_packet_length,   // RFC 4253 §6
  bad_padding,         // RFC 4253 §6
  bad_identification,  // RFC 4253 §4.2
  bad_compression,     // RFC 4253 §6.2
  // The peer sent well-formed messages that break the protocol.
  unexpected_message = 200,
  unexpected_packet_in_strict_kex,  // OpenSSH PROTOCOL §1.9
  protocol_version_not_supported,
  service_not_available,
  unknown_channel,
  window_exceeded,
  packet_size_exceeded,
  unexpected_reply,
  host_key_changed,  // the host key differs from the one of the first key exchange
  // No algorithm is common to both sides.
  no_common_kex = 300,
  no_common_host_key,
  no_common_cipher,
  no_common_mac,
  no_common_compression,
  strict_kex_required,
  no_common_group,  // RFC 4419 §3: of a group exchange
  // A cryptographic check failed.
  bad_mac = 400,
  bad_signature,
  bad_public_value,
  bad_key,
  crypto_failure,
  host_key_rejected,
  wrong_passphrase,
  // A limit was reached.
  packet_too_large = 500,
  too_many_messages,
  too_many_channels,
  too_many_auth_attempts,
  login_timeout,
  idle_timeout,
  keepalive_timeout,
  rekey_storm,
  message_too_large,
  too_many_requests,
  queue_full,
  // The caller used the library wrongly.
  invalid_argument = 600,
  invalid_state,
  unsupported,
  not_found,
  permission_denied,
  passphrase_required,
  // The session is over.
  closed = 700,
  disconnected_by_peer,
  disconnected_by_us,
  end_of_file,
  cancelled,
  timed_out,
  authentication_failed,
  channel_open_refused,
  request_refused,
  // The local system failed.
  io_error = 800,
  connect_failed,
  host_not_found,
  file_error,
};

Blame blame(Errc);
const std::error_category& errc_category() noexcept;
inline std::error_code make_error_code(Errc code) noexcept { return {static_cast<int>(code), errc_category()}; }

}  // namespace hawser

template <>
struct std::is_error_code_enum<hawser::Errc> : std::true_type {};
