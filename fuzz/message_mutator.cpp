#include "message_mutator.h"

#include <algorithm>

#include "field_mutation.h"
#include "hawser/auth/request_fields.h"
#include "hawser/channel/messages.h"
#include "hawser/channel/request_bodies.h"
#include "hawser/transport/messages.h"

namespace hawser::fuzz {

namespace {

template <class... Lists>
using Joined = decltype(std::tuple_cat(std::declval<Lists>()...));

using Packets = Joined<transport::TransportMessages, transport::KexdhMessages, transport::KexEcdhMessages,
                       transport::KexDhGexMessages, auth::UserauthMessages, channel::ChannelMessages>;
using SftpMessages = Joined<std::tuple<sftp::Init, sftp::Version>, sftp::RequestMessages, sftp::ReplyMessages>;
using Parts = Joined<auth::UserauthParts, channel::ChannelOpenBodies, channel::ChannelRequestBodies,
                     channel::GlobalRequestBodies, sftp::ExtensionBodies>;

template <class List>
List* list() {
  return nullptr;
}

std::size_t sftp_message_size(Bytes stream) {
  if (stream.size() < 4) return 0;
  const std::size_t size = wire::load_uint32(stream.data());
  return size == 0 || size > stream.size() - 4 ? 0 : size;
}

ByteVector framed(Bytes message) {
  ByteVector out(4);
  wire::store_uint32(out.data(), static_cast<std::uint32_t>(message.size()));
  out.insert(out.end(), message.begin(), message.end());
  return out;
}

}  // namespace

std::optional<ByteVector> mutate_packet(Bytes packet, Choices& choices) {
  return mutate_as_one_of(list<Packets>(), packet, choices);
}
ByteVector make_packet(Choices& choices) { return make_one_of(list<Packets>(), choices); }

std::optional<ByteVector> mutate_sftp_message(Bytes message, Choices& choices) {
  return mutate_as_one_of(list<SftpMessages>(), message, choices);
}
ByteVector make_sftp_message(Choices& choices) { return make_one_of(list<SftpMessages>(), choices); }

std::optional<ByteVector> mutate_sftp_stream(Bytes stream, Choices& choices) {
  std::vector<std::size_t> starts;
  for (std::size_t at = 0, size = 0; (size = sftp_message_size(stream.subspan(at))) != 0; at += 4 + size) {
    starts.push_back(at);
  }
  if (starts.empty()) return std::nullopt;
  const std::size_t at = choices.one_of(starts);
  const Bytes old = stream.subspan(at + 4, sftp_message_size(stream.subspan(at)));
  ByteVector changed;
  switch (choices.below(8)) {
    case 0: break;  // dropped
    case 1: {       // another one before it
      changed = framed(make_sftp_message(choices));
      const ByteVector same = framed(old);
      changed.insert(changed.end(), same.begin(), same.end());
      break;
    }
    case 2:  // a length that lies
      changed = framed(old);
      wire::store_uint32(changed.data(), choices.wild_length(old.size()));
      break;
    default: changed = framed(mutate_sftp_message(old, choices).value_or(to_vector(old))); break;
  }
  ByteVector out = to_vector(stream.first(at));
  out.insert(out.end(), changed.begin(), changed.end());
  const Bytes rest = stream.subspan(at + 4 + old.size());
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

std::optional<ByteVector> mutate_part(Bytes part, Choices& choices) {
  return mutate_as_one_of(list<Parts>(), part, choices);
}

std::optional<ByteVector> mutate_any_message(Bytes message, Choices& choices) {
  std::optional<ByteVector> changed = mutate_packet(message, choices);
  if (!changed) changed = mutate_sftp_message(message, choices);
  return changed ? changed : mutate_part(message, choices);
}

ByteVector changed_content(Bytes old, Choices& choices) {
  ByteVector bytes = to_vector(old);
  if (LLVMFuzzerMutate != nullptr && choices.one_in(2)) {
    bytes.resize(old.size() + 16);
    bytes.resize(LLVMFuzzerMutate(bytes.data(), old.size(), bytes.size()));
    return bytes;
  }
  const std::size_t at = bytes.empty() ? 0 : choices.below(bytes.size());
  const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
  switch (choices.below(6)) {
    case 0: bytes.clear(); break;
    case 1: bytes.resize(at); break;
    case 2: bytes.insert(bytes.end(), old.begin(), old.end()); break;
    case 3: bytes.insert(place, static_cast<std::uint8_t>(choices.below(256))); break;
    case 4: {
      const std::string& word = choices.one_of(words().all);
      bytes.assign(word.begin(), word.end());
      break;
    }
    default:
      if (!bytes.empty()) *place = static_cast<std::uint8_t>(*place ^ (1 << choices.below(8)));
      break;
  }
  return bytes;
}

std::string changed_list(const wire::NameList& old, Choices& choices) {
  std::vector<std::string> names = old.names();
  const std::size_t at = names.empty() ? 0 : choices.below(names.size());
  switch (names.empty() ? 0 : choices.below(5)) {
    case 0: names.push_back(choices.one_of(words().all)); break;
    case 1: names.erase(names.begin() + static_cast<std::ptrdiff_t>(at)); break;
    case 2: std::swap(names[at], names.front()); break;
    case 3: names[at] = choices.one_of(words().all); break;
    default: {
      const ByteVector text = changed_content(as_bytes(old.text()), choices);
      return std::string(text.begin(), text.end());
    }
  }
  return wire::join(names);
}

}  // namespace hawser::fuzz
