#include "hawser/wire/errc.h"

#include "hawser/wire/result.h"

namespace hawser {
namespace {

const char* text_of(Errc code) {
  switch (code) {
    case Errc::ok: return "success";
    case Errc::truncated: return "the message ends inside a field";
    case Errc::trailing_bytes: return "bytes follow the last field of the message";
    case Errc::bad_value: return "a field holds a value that is not allowed";
    case Errc::bad_packet_length: return "the packet length is not allowed";
    case Errc::bad_padding: return "the packet padding is not allowed";
    case Errc::bad_identification: return "the peer does not identify itself as SSH";
    case Errc::unexpected_message: return "the peer sent a message that is not allowed now";
    case Errc::unexpected_packet_in_strict_kex:
      return "the peer sent another packet during the first (strict) key exchange";
    case Errc::protocol_version_not_supported: return "the peer speaks an SSH version other than 2.0";
    case Errc::service_not_available: return "the service is not available";
    case Errc::unknown_channel: return "the peer named a channel that is not open";
    case Errc::window_exceeded: return "the peer sent more data than the channel window allows";
    case Errc::packet_size_exceeded: return "the peer sent more data than the channel's maximum packet size";
    case Errc::unexpected_reply: return "the peer sent a reply to no request";
    case Errc::host_key_changed: return "the host key changed during the session";
    case Errc::no_common_kex: return "no common key exchange algorithm";
    case Errc::no_common_host_key: return "no common host key algorithm";
    case Errc::no_common_cipher: return "no common cipher";
    case Errc::no_common_mac: return "no common MAC algorithm";
    case Errc::no_common_compression: return "no common compression algorithm";
    case Errc::strict_kex_required: return "the peer does not offer strict key exchange, which is required here";
    case Errc::no_common_group: return "no Diffie-Hellman group of a size that both sides allow";
    case Errc::bad_compression: return "a packet cannot be decompressed";
    case Errc::bad_mac: return "a packet failed its integrity check";
    case Errc::bad_signature: return "the signature is wrong";
    case Errc::bad_public_value: return "the peer's key exchange value is not valid";
    case Errc::bad_key: return "the key is not valid";
    case Errc::crypto_failure: return "a cryptographic operation failed";
    case Errc::host_key_rejected: return "the host key was not accepted";
    case Errc::wrong_passphrase: return "the passphrase is wrong";
    case Errc::packet_too_large: return "the packet is larger than the limit";
    case Errc::too_many_messages: return "too many messages";
    case Errc::too_many_channels: return "too many channels";
    case Errc::too_many_auth_attempts: return "too many authentication attempts";
    case Errc::login_timeout: return "authentication took too long";
    case Errc::idle_timeout: return "the connection was idle for too long";
    case Errc::keepalive_timeout: return "the peer no longer answers";
    case Errc::rekey_storm: return "the peer asks for new keys too often";
    case Errc::message_too_large: return "the message is larger than the limit";
    case Errc::too_many_requests: return "too many requests are outstanding";
    case Errc::queue_full: return "the send queue is full";
    case Errc::invalid_argument: return "invalid argument";
    case Errc::invalid_state: return "the call is not allowed in this state";
    case Errc::unsupported: return "not supported";
    case Errc::not_found: return "not found";
    case Errc::permission_denied: return "permission denied";
    case Errc::passphrase_required: return "a passphrase is needed";
    case Errc::closed: return "the session is closed";
    case Errc::disconnected_by_peer: return "the peer disconnected";
    case Errc::disconnected_by_us: return "the session was ended by this side";
    case Errc::end_of_file: return "the connection ended";
    case Errc::cancelled: return "the operation was cancelled";
    case Errc::timed_out: return "the operation took too long";
    case Errc::authentication_failed: return "authentication failed";
    case Errc::channel_open_refused: return "the peer refused to open the channel";
    case Errc::request_refused: return "the peer refused the request";
    case Errc::io_error: return "input/output error";
    case Errc::connect_failed: return "the connection could not be made";
    case Errc::host_not_found: return "the host name could not be resolved";
    case Errc::file_error: return "a file could not be used";
  }
  return "unknown error";
}

class ErrcCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "hawser"; }
  std::string message(int code) const override { return text_of(static_cast<Errc>(code)); }
};

}  // namespace

Blame blame(Errc code) {
  switch (static_cast<int>(code) / 100) {
    case 1: return Blame::peer_malformed;
    case 2: return Blame::peer_protocol;
    case 3: return Blame::negotiation;
    case 4: return Blame::crypto;
    case 5: return Blame::limit;
    case 6: return Blame::caller;
    case 7: return Blame::closed;
    default: return Blame::local;
  }
}

const std::error_category& errc_category() noexcept {
  static const ErrcCategory category;
  return category;
}

std::string Error::message() const {
  std::string text = text_of(code_);
  if (*where_ != '\0') {
    text += " (";
    text += where_;
    text += ')';
  }
  return text;
}

}  // namespace hawser
