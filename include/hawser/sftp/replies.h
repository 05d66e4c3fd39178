// The replies of SFTP version 3 (filexfer-02 §4 and §7).
#pragma once

#include "hawser/sftp/fields.h"
#include "hawser/sftp/requests.h"
#include "hawser/sftp/status.h"

namespace hawser::sftp {

// The answer to INIT. It has no id.
struct Version {
  static constexpr std::uint8_t number = 2;
  static constexpr const char* name = "SSH_FXP_VERSION";
  std::uint32_t version = protocol_version;
  ExtensionPairs extensions;
  static constexpr auto fields =
      std::tuple{wire::field("version", &Version::version), wire::field("extensions", &Version::extensions)};
};

// Servers of old versions leave the message and the language out.
struct Status {
  static constexpr std::uint8_t number = 101;
  static constexpr const char* name = "SSH_FXP_STATUS";
  std::uint32_t id = 0;
  std::uint32_t code = 0;
  OptionalText message;
  OptionalText language;
  static constexpr auto fields =
      std::tuple{wire::field("id", &Status::id), wire::field("code", &Status::code),
                 wire::field("message", &Status::message), wire::field("language", &Status::language)};
};

struct Handle {
  static constexpr std::uint8_t number = 102;
  static constexpr const char* name = "SSH_FXP_HANDLE";
  std::uint32_t id = 0;
  HandleView handle;
  static constexpr auto fields = std::tuple{wire::field("id", &Handle::id), wire::field("handle", &Handle::handle)};
};

struct Data {
  static constexpr std::uint8_t number = 103;
  static constexpr const char* name = "SSH_FXP_DATA";
  std::uint32_t id = 0;
  Bytes data;
  static constexpr auto fields = std::tuple{wire::field("id", &Data::id), wire::field("data", &Data::data)};
};

// SSH_FXP_DATA up to its data; see WriteHeader.
struct DataHeader {
  static constexpr std::uint8_t number = 103;
  static constexpr const char* name = "SSH_FXP_DATA";
  std::uint32_t id = 0;
  std::uint32_t data_size = 0;
  static constexpr auto fields =
      std::tuple{wire::field("id", &DataHeader::id), wire::field("data_size", &DataHeader::data_size)};
};

struct Name {
  static constexpr std::uint8_t number = 104;
  static constexpr const char* name = "SSH_FXP_NAME";
  std::uint32_t id = 0;
  NameEntries entries;
  static constexpr auto fields = std::tuple{wire::field("id", &Name::id), wire::field("entries", &Name::entries)};
};

struct Attrs {
  static constexpr std::uint8_t number = 105;
  static constexpr const char* name = "SSH_FXP_ATTRS";
  std::uint32_t id = 0;
  Attributes attrs;
  static constexpr auto fields = std::tuple{wire::field("id", &Attrs::id), wire::field("attrs", &Attrs::attrs)};
};

struct ExtendedReply {
  static constexpr std::uint8_t number = 201;
  static constexpr const char* name = "SSH_FXP_EXTENDED_REPLY";
  std::uint32_t id = 0;
  wire::Rest body;
  static constexpr auto fields =
      std::tuple{wire::field("id", &ExtendedReply::id), wire::field("body", &ExtendedReply::body)};
};

// Every reply with an id.
using ReplyMessages = std::tuple<Status, Handle, Data, Name, Attrs, ExtendedReply>;

}  // namespace hawser::sftp
