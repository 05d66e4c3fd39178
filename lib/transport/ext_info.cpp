#include "transport/ext_info.h"

#include <utility>

namespace hawser::transport {
namespace {

constexpr std::string_view server_sig_algs = "server-sig-algs";
constexpr std::string_view ping = "ping@openssh.com";
constexpr std::uint8_t userauth_success = 52;  // RFC 4252 §6

}  // namespace

ByteVector make_ext_info(const std::vector<std::string>& user_signature_algorithms) {
  const std::string algorithms = wire::join(user_signature_algorithms);
  ByteVector extensions;
  wire::append_string(extensions, server_sig_algs);
  wire::append_string(extensions, algorithms);
  wire::append_string(extensions, ping);
  wire::append_string(extensions, "0");
  return wire::encode(ExtInfo{2, {extensions}});
}

Result<void> ExtInfoReceiver::before_packet(std::uint8_t number) {
  first_packet_after_newkeys_ = false;
  // IGNORE and DEBUG mean nothing, so they are not "the next message".
  const bool means_something = number == Disconnect::number || number > Debug::number;
  if (means_something && std::exchange(success_must_follow_, false) && number != userauth_success &&
      number != Disconnect::number) {
    return Error(Errc::unexpected_message, "EXT_INFO is not followed by USERAUTH_SUCCESS");
  }
  return {};
}

Result<void> ExtInfoReceiver::receive(Bytes payload, bool from_server) {
  if (!std::exchange(first_packet_after_newkeys_, false)) {
    if (!from_server) return Error(Errc::unexpected_message, "EXT_INFO");
    if (std::exchange(success_was_announced_, true)) return Error(Errc::unexpected_message, "a repeated EXT_INFO");
    success_must_follow_ = true;
  }
  return decode(payload);
}

Result<void> ExtInfoReceiver::decode(Bytes payload) {
  const Result<ExtInfo> message = wire::decode<ExtInfo>(payload);
  if (!message) return message.error();
  // Each extension takes two length fields at least: a count that cannot be true is refused before anything counts to
  // it.
  constexpr std::size_t smallest_extension = 8;
  const Bytes content = message->extensions.bytes;
  if (message->nr_extensions > content.size() / smallest_extension) return Error(Errc::bad_value, "nr_extensions");

  wire::Reader reader(content);
  std::vector<std::string> algorithms;
  for (std::uint32_t i = 0; i != message->nr_extensions && reader.ok(); ++i) {
    reader.field("extension_name");
    const bool is_signature_algorithms = reader.text() == server_sig_algs;
    reader.field("extension_value");
    if (is_signature_algorithms) {
      algorithms = reader.name_list().names();
    } else {
      reader.string();  // RFC 8308 §2.5: unknown extensions are ignored
    }
  }
  if (Result<void> end = reader.finish(); !end) return end;
  signature_algorithms_ = std::move(algorithms);
  return {};
}

}  // namespace hawser::transport
