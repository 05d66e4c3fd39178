// What a peer is told about each error: never more than it can know already, never a text that it sent itself.
#include "hawser/transport/transport.h"

namespace hawser::transport {

DisconnectText disconnect_text(Errc code) {
  using Reason = DisconnectReason;
  switch (code) {
    case Errc::bad_identification: return {Reason::protocol_version_not_supported, "Invalid SSH identification string"};
    case Errc::protocol_version_not_supported:
      return {Reason::protocol_version_not_supported, "Only SSH protocol version 2.0 is supported"};
    case Errc::truncated:
    case Errc::trailing_bytes:
    case Errc::bad_value: return {Reason::protocol_error, "Malformed message"};
    case Errc::bad_packet_length: return {Reason::protocol_error, "Bad packet length"};
    case Errc::bad_padding: return {Reason::protocol_error, "Bad packet padding"};
    case Errc::packet_too_large: return {Reason::protocol_error, "Packet too large"};
    case Errc::unexpected_message: return {Reason::protocol_error, "Unexpected message"};
    case Errc::unexpected_packet_in_strict_kex:
      return {Reason::protocol_error, "Unexpected message during strict key exchange"};
    case Errc::service_not_available: return {Reason::service_not_available, "Service not available"};
    case Errc::unknown_channel: return {Reason::protocol_error, "Unknown channel"};
    case Errc::window_exceeded: return {Reason::protocol_error, "Channel window exceeded"};
    case Errc::packet_size_exceeded: return {Reason::protocol_error, "Maximum packet size exceeded"};
    case Errc::unexpected_reply: return {Reason::protocol_error, "Reply to no request"};
    case Errc::host_key_changed: return {Reason::host_key_not_verifiable, "Host key changed during the session"};
    case Errc::host_key_rejected: return {Reason::host_key_not_verifiable, "Host key not accepted"};
    case Errc::no_common_kex: return {Reason::key_exchange_failed, "No common key exchange algorithm"};
    case Errc::no_common_host_key: return {Reason::key_exchange_failed, "No common host key algorithm"};
    case Errc::no_common_cipher: return {Reason::key_exchange_failed, "No common cipher"};
    case Errc::no_common_mac: return {Reason::key_exchange_failed, "No common MAC algorithm"};
    case Errc::no_common_compression: return {Reason::key_exchange_failed, "No common compression algorithm"};
    case Errc::strict_kex_required: return {Reason::key_exchange_failed, "Strict key exchange is required"};
    case Errc::no_common_group:
      return {Reason::key_exchange_failed, "No Diffie-Hellman group of a size that both sides allow"};
    case Errc::bad_compression: return {Reason::compression_error, "Bad compressed data"};
    case Errc::bad_mac: return {Reason::mac_error, "Packet integrity error"};
    case Errc::bad_signature: return {Reason::key_exchange_failed, "Bad host key signature"};
    case Errc::bad_public_value: return {Reason::key_exchange_failed, "Invalid key exchange value"};
    case Errc::bad_key: return {Reason::key_exchange_failed, "Invalid host key"};
    case Errc::crypto_failure: return {Reason::key_exchange_failed, "Cryptographic operation failed"};
    case Errc::too_many_messages: return {Reason::protocol_error, "Too many messages"};
    case Errc::too_many_channels: return {Reason::protocol_error, "Too many channels"};
    case Errc::too_many_requests: return {Reason::protocol_error, "Too many requests"};
    case Errc::message_too_large: return {Reason::protocol_error, "Message too large"};
    case Errc::too_many_auth_attempts:
      return {Reason::no_more_auth_methods_available, "Too many authentication attempts"};
    case Errc::authentication_failed: return {Reason::no_more_auth_methods_available, "Authentication failed"};
    case Errc::login_timeout: return {Reason::by_application, "Login timeout"};
    case Errc::idle_timeout: return {Reason::by_application, "Idle timeout"};
    case Errc::keepalive_timeout: return {Reason::connection_lost, "No answer to keepalive"};
    case Errc::timed_out: return {Reason::by_application, "Timeout"};
    case Errc::rekey_storm: return {Reason::protocol_error, "Too many key exchanges"};
    case Errc::queue_full: return {Reason::by_application, "Send queue full"};
    case Errc::end_of_file:
    case Errc::io_error: return {Reason::connection_lost, "Connection lost"};
    case Errc::cancelled: return {Reason::auth_cancelled_by_user, "Cancelled"};
    case Errc::ok:
    case Errc::closed:
    case Errc::disconnected_by_peer:
    case Errc::disconnected_by_us: return {Reason::by_application, "Session ended"};
    case Errc::invalid_argument:
    case Errc::invalid_state:
    case Errc::unsupported:
    case Errc::not_found:
    case Errc::permission_denied:
    case Errc::passphrase_required:
    case Errc::wrong_passphrase:
    case Errc::channel_open_refused:
    case Errc::request_refused:
    case Errc::connect_failed:
    case Errc::host_not_found:
    case Errc::file_error: break;
  }
  return {Reason::by_application, "Internal error"};
}

}  // namespace hawser::transport
