// An example of every message, filled from its field list, and the chains and payloads that the tests of this folder
// pass about.
#pragma once

#include <string>
#include <vector>

#include "hawser/sftp/encode.h"
#include "hawser/sftp/message_stream.h"

namespace hawser::test {

// Calls `use.template operator()<M>()` for each type of the tuples.
template <class... M, class Use>
void for_each_type(std::type_identity<std::tuple<M...>>, Use use) {
  (use.template operator()<M>(), ...);
}

using ExtendedMessages =
    std::tuple<sftp::ExtendedRequest<sftp::PosixRename>, sftp::ExtendedRequest<sftp::Statvfs>,
               sftp::ExtendedRequest<sftp::Fstatvfs>, sftp::ExtendedRequest<sftp::Hardlink>,
               sftp::ExtendedRequest<sftp::Fsync>, sftp::ExtendedRequest<sftp::Lsetstat>,
               sftp::ExtendedRequest<sftp::LimitsRequest>, sftp::ExtendedRequest<sftp::ExpandPath>,
               sftp::ExtendedRequest<sftp::CopyData>, sftp::ExtendedRequest<sftp::HomeDirectory>,
               sftp::ExtendedRequest<sftp::UsersGroupsById>, sftp::ExtendedReplyWith<sftp::StatvfsReply>,
               sftp::ExtendedReplyWith<sftp::Limits>, sftp::ExtendedReplyWith<sftp::UsersGroups>>;

using AllMessages = decltype(std::tuple_cat(std::declval<std::tuple<sftp::Init, sftp::Version>>(),
                                            std::declval<sftp::RequestMessages>(), std::declval<sftp::ReplyMessages>(),
                                            std::declval<ExtendedMessages>()));

inline sftp::Attributes full_attributes() {
  return {.size = 0x0102030405060708,
          .owner = sftp::Owner{1000, 1001},
          .permissions = 0100644,
          .times = sftp::FileTimes{11, 12}};
}

// Gives each field a value of its own.
class Filler {
 public:
  void fill(std::uint32_t& v) { v = 0x11223300 + ++count_; }
  void fill(std::uint64_t& v) { v = 0x1122334455667700 + ++count_; }
  void fill(std::string_view& v) { v = text(); }
  void fill(Bytes& v) { v = as_bytes(text()); }
  void fill(sftp::HandleView& v) { v.text = text(); }
  void fill(sftp::OptionalText& v) { v.text = text(); }
  void fill(sftp::Attributes& v) { v = full_attributes(); }
  void fill(wire::Rest& v) { v.bytes = as_bytes("the rest"); }
  void fill(sftp::FileSystemStatistics& v) { v = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}; }
  void fill(sftp::NameEntries& v) {
    static const ByteVector encoded = joined(wire::encode(sftp::NameEntry{"one", "-rw one", full_attributes()}),
                                             wire::encode(sftp::NameEntry{"two", "-rw two", {}}));
    v = sftp::NameEntries(encoded, 2);
  }
  void fill(sftp::ExtensionPairs& v) {
    static const ByteVector encoded = joined(wire::encode(sftp::ExtensionPair{"statvfs@openssh.com", "2"}),
                                             wire::encode(sftp::ExtensionPair{"limits@openssh.com", "1"}));
    v = sftp::ExtensionPairs(encoded, 2);
  }
  template <wire::HasFields M>
  void fill(M& message) {
    std::apply([&](const auto&... f) { (fill(message.*f.member), ...); }, M::fields);
  }

 private:
  std::string_view text() {
    static constexpr std::array<std::string_view, 4> texts{"/home/a", "b", "/some/longer/name", "0123456789"};
    return texts[count_++ % texts.size()];
  }
  static ByteVector joined(ByteVector a, const ByteVector& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }
  std::uint32_t count_ = 0;
};

template <class M>
M sample_message() {
  M message{};
  Filler().fill(message);
  return message;
}

// What goes over the channel: the length and the message.
template <wire::HasFields M>
ByteVector framed(const M& message) {
  ByteVector out(sftp::framed_size(message));
  sftp::encode_framed(message, out);
  return out;
}

inline ByteVector framed_raw(Bytes body) {
  ByteVector out;
  wire::append_string(out, body);
  return out;
}

inline ByteVector operator+(ByteVector a, const ByteVector& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// A chain of packets with `part_size` bytes of room each, behind a header of 9 bytes as CHANNEL_DATA has it.
inline PacketChain make_chain(BufferPool& pool, std::size_t size, std::size_t part_size = 1024 * 1024) {
  constexpr std::size_t header = 9;
  PacketChain chain;
  while (size != 0) {
    const std::size_t part = std::min({size, part_size, BufferPool::slab_size - 1024});
    chain.append(PacketBuffer(pool, header + part), header);
    size -= part;
  }
  return chain;
}

inline ByteVector written_bytes(PacketChain& chain) {
  ByteVector all;
  for (PacketChain::Part& part : chain.parts()) {
    const Bytes bytes = part.buffer.payload().subspan(part.header_size);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  all.resize(chain.written());
  return all;
}

inline Payload payload_of(Bytes bytes, BufferPool& pool) { return Payload::copy_of(bytes, pool); }

// The bytes as they may come: in pieces of `size` bytes.
inline std::vector<Payload> chopped(Bytes bytes, std::size_t size, BufferPool& pool) {
  std::vector<Payload> pieces;
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    pieces.push_back(payload_of(bytes.subspan(at, std::min(size, bytes.size() - at)), pool));
  }
  return pieces;
}

}  // namespace hawser::test
