// The replies of a server. The simple ones are messages: `write_message(chain, status_message(id, StatusCode::ok))`,
// `Handle{id, handle}`, `Attrs{id, attributes}`, `ExtendedReplyWith<StatvfsReply>{id, {statistics}}`. Here are those
// that need more: DATA, which a file is read into, and NAME, which grows entry by entry.
#pragma once

#include <algorithm>

#include "hawser/sftp/encode.h"
#include "hawser/wire/limits.h"

namespace hawser::sftp {

// STATUS with the standard text of the code, or with one of the caller's that must not tell more than a client may
// know.
Status status_message(std::uint32_t id, StatusCode code);
Status status_message(std::uint32_t id, StatusCode code, std::string_view text);

// The reply to READ:
//
//   PacketChain chain = reserve(DataReply::room(read.length));
//   DataReply reply(chain, read.id, read.length);
//   const std::size_t n = preadv(file, reply.areas(), read.offset);
//   if (n == 0 && read.length != 0) reply.fail(StatusCode::eof); else reply.finish(n);
class DataReply {
 public:
  static constexpr std::size_t header_size = 13;
  // What the chain must hold: the data, or a status with one of the standard texts.
  static constexpr std::size_t room(std::size_t length) { return std::max(header_size + length, status_room); }

  DataReply(PacketChain& chain, std::uint32_t id, std::size_t length)
      : tail_(chain, DataHeader{.id = id}, length), id_(id) {}

  std::span<const MutableBytes> areas() { return tail_.areas(); }
  void finish(std::size_t length) { tail_.finish(length); }
  void fail(StatusCode code);

 private:
  static constexpr std::size_t status_room = 96;

  DataTail tail_;
  std::uint32_t id_;
};

// The reply to READDIR: takes entries until the next one would make the message too large.
class NameReply {
 public:
  explicit NameReply(std::uint32_t id = 0, std::size_t maximum_size = limits::sftp_message) { reset(id, maximum_size); }

  // Begins anew and keeps the memory. `maximum_size` counts the whole message with its length field.
  void reset(std::uint32_t id, std::size_t maximum_size = limits::sftp_message);

  // False when it does not fit; then nothing was added.
  bool add(const NameEntry& entry);

  std::uint32_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  std::size_t size() const { return bytes_.size(); }  // what `write` writes
  void write(PacketChain& chain);

 private:
  std::size_t maximum_size_ = 0;
  std::uint32_t count_ = 0;
  ByteVector bytes_;
};

// NAME with one entry and no attributes, as REALPATH and READLINK are answered.
struct SingleName {
  static constexpr std::uint8_t number = Name::number;
  static constexpr const char* name = Name::name;
  std::uint32_t id = 0;
  std::uint32_t count = 1;
  NameEntry entry;
  static constexpr auto fields =
      std::tuple{wire::field("id", &SingleName::id), wire::field("count", &SingleName::count),
                 wire::field("entry", &SingleName::entry)};
};
inline SingleName single_name(std::uint32_t id, std::string_view filename) {
  return {.id = id, .entry = {.filename = filename, .longname = filename, .attributes = {}}};
}

}  // namespace hawser::sftp
