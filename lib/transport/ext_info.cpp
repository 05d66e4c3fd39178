#include "transport/ext_info.h"

#include <utility>

#include "hawser/wire/limits.h"

namespace hawser::transport {
namespace {

constexpr std::string_view server_sig_algs = "server-sig-algs";
constexpr std::string_view hostbound = "publickey-hostbound@openssh.com";
constexpr std::string_view ping = "ping@openssh.com";

// For the rest of the session: no more of them than any peer can have use for.
std::vector<std::string> kept_names(const wire::NameList& list) {
  std::vector<std::string> names;
  for (const std::string_view name : list) {
    if (names.size() == limits::server_sig_algs) break;
    names.emplace_back(name);
  }
  return names;
}

}  // namespace

ByteVector make_ext_info(const std::vector<std::string>& user_signature_algorithms) {
  const std::string algorithms = wire::join(user_signature_algorithms);
  ByteVector extensions;
  wire::append_string(extensions, server_sig_algs);
  wire::append_string(extensions, algorithms);
  for (const std::string_view name : {hostbound, ping}) {
    wire::append_string(extensions, name);
    wire::append_string(extensions, "0");  // the version
  }
  return wire::encode(ExtInfo{3, {extensions}});
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
  bool takes_hostbound = false;
  for (std::uint32_t i = 0; i != message->nr_extensions && reader.ok(); ++i) {
    reader.field("extension_name");
    const std::string_view name = reader.text();
    reader.field("extension_value");
    if (name == server_sig_algs) {
      algorithms = kept_names(reader.name_list());
    } else if (name == hostbound) {
      takes_hostbound = reader.text() == "0";
    } else {
      reader.string();  // RFC 8308 §2.5: unknown extensions are ignored
    }
  }
  if (Result<void> end = reader.finish(); !end) return end;
  signature_algorithms_ = std::move(algorithms);
  hostbound_publickey_ = takes_hostbound;
  return {};
}

}  // namespace hawser::transport
