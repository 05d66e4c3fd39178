// The requests of SFTP version 3, as filexfer-02 §6 has them. Each is decoded and encoded by its field list
// (wire/codec.h); on the wire a uint32 with the length of all this stands in front (encode.h). Strings are bytes, not
// UTF-8, and view the message.
#pragma once

#include "hawser/sftp/fields.h"

namespace hawser::sftp {

// What a request is answered by when it succeeds. STATUS with another code than OK may answer any of them.
enum class ReplyKind : std::uint8_t { status, handle, data, name, attrs, extended };

// The bits of Open::pflags (filexfer-02 §6.3).
namespace open_flags {

inline constexpr std::uint32_t read = 0x01;
inline constexpr std::uint32_t write = 0x02;
inline constexpr std::uint32_t append = 0x04;
inline constexpr std::uint32_t create = 0x08;
inline constexpr std::uint32_t truncate = 0x10;
inline constexpr std::uint32_t exclusive = 0x20;

}  // namespace open_flags

inline constexpr std::uint32_t protocol_version = 3;

// The first message of a client (filexfer-02 §4). It has no id and is answered by VERSION.
struct Init {
  static constexpr std::uint8_t number = 1;
  static constexpr const char* name = "SSH_FXP_INIT";
  std::uint32_t version = protocol_version;
  ExtensionPairs extensions;
  static constexpr auto fields =
      std::tuple{wire::field("version", &Init::version), wire::field("extensions", &Init::extensions)};
};

struct Open {
  static constexpr std::uint8_t number = 3;
  static constexpr const char* name = "SSH_FXP_OPEN";
  static constexpr ReplyKind reply = ReplyKind::handle;
  std::uint32_t id = 0;
  std::string_view filename;
  std::uint32_t pflags = 0;
  Attributes attrs;
  static constexpr auto fields = std::tuple{wire::field("id", &Open::id), wire::field("filename", &Open::filename),
                                            wire::field("pflags", &Open::pflags), wire::field("attrs", &Open::attrs)};
};

struct Close {
  static constexpr std::uint8_t number = 4;
  static constexpr const char* name = "SSH_FXP_CLOSE";
  static constexpr ReplyKind reply = ReplyKind::status;
  std::uint32_t id = 0;
  HandleView handle;
  static constexpr auto fields = std::tuple{wire::field("id", &Close::id), wire::field("handle", &Close::handle)};
};

// Answered by DATA with at least one byte, or by STATUS EOF at the end of the file.
struct Read {
  static constexpr std::uint8_t number = 5;
  static constexpr const char* name = "SSH_FXP_READ";
  static constexpr ReplyKind reply = ReplyKind::data;
  std::uint32_t id = 0;
  HandleView handle;
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
  static constexpr auto fields = std::tuple{wire::field("id", &Read::id), wire::field("handle", &Read::handle),
                                            wire::field("offset", &Read::offset), wire::field("length", &Read::length)};
};

struct Write {
  static constexpr std::uint8_t number = 6;
  static constexpr const char* name = "SSH_FXP_WRITE";
  static constexpr ReplyKind reply = ReplyKind::status;
  std::uint32_t id = 0;
  HandleView handle;
  std::uint64_t offset = 0;
  Bytes data;
  static constexpr auto fields = std::tuple{wire::field("id", &Write::id), wire::field("handle", &Write::handle),
                                            wire::field("offset", &Write::offset), wire::field("data", &Write::data)};
};

// SSH_FXP_WRITE up to its data: on the hot path the data stays in the memory it came in, or is filled in by the caller.
struct WriteHeader {
  static constexpr std::uint8_t number = 6;
  static constexpr const char* name = "SSH_FXP_WRITE";
  static constexpr ReplyKind reply = ReplyKind::status;
  std::uint32_t id = 0;
  HandleView handle;
  std::uint64_t offset = 0;
  std::uint32_t data_size = 0;
  static constexpr auto fields =
      std::tuple{wire::field("id", &WriteHeader::id), wire::field("handle", &WriteHeader::handle),
                 wire::field("offset", &WriteHeader::offset), wire::field("data_size", &WriteHeader::data_size)};
};

// The attributes of a symbolic link itself.
struct Lstat {
  static constexpr std::uint8_t number = 7;
  static constexpr const char* name = "SSH_FXP_LSTAT";
  static constexpr ReplyKind reply = ReplyKind::attrs;
  std::uint32_t id = 0;
  std::string_view path;
  static constexpr auto fields = std::tuple{wire::field("id", &Lstat::id), wire::field("path", &Lstat::path)};
};

struct Fstat {
  static constexpr std::uint8_t number = 8;
  static constexpr const char* name = "SSH_FXP_FSTAT";
  static constexpr ReplyKind reply = ReplyKind::attrs;
  std::uint32_t id = 0;
  HandleView handle;
  static constexpr auto fields = std::tuple{wire::field("id", &Fstat::id), wire::field("handle", &Fstat::handle)};
};

struct Setstat {
  static constexpr std::uint8_t number = 9;
  static constexpr const char* name = "SSH_FXP_SETSTAT";
  static constexpr ReplyKind reply = ReplyKind::status;
  std::uint32_t id = 0;
  std::string_view path;
  Attributes attrs;
  static constexpr auto fields = std::tuple{wire::field("id", &Setstat::id), wire::field("path", &Setstat::path),
                                            wire::field("attrs", &Setstat::attrs)};
};

struct Fsetstat {
  static constexpr std::uint8_t number = 10;
  static constexpr const char* name = "SSH_FXP_FSETSTAT";
  static constexpr ReplyKind reply = ReplyKind::status;
  std::uint32_t id = 0;
  HandleView handle;
  Attributes attrs;
  static constexpr auto fields = std::tuple{wire::field("id", &Fsetstat::id), wire::field("handle", &Fsetstat::handle),
                                            wire::field("attrs", &Fsetstat::attrs)};
};

struct Opendir {
  static constexpr std::uint8_t number = 11;
  static constexpr const char* name = "SSH_FXP_OPENDIR";
  static constexpr ReplyKind reply = ReplyKind::handle;
  std::uint32_t id = 0;
  std::string_view path;
  static constexpr auto fields = std::tuple{wire::field("id", &Opendir::id), wire::field("path", &Opendir::path)};
};

// Answered by NAME with one entry or more, or by STATUS EOF when there are no more.
struct Readdir {
  static constexpr std::uint8_t number = 12;
  static constexpr const char* name = "SSH_FXP_READDIR";
  static constexpr ReplyKind reply = ReplyKind::name;
  std::uint32_t id = 0;
  HandleView handle;
  static constexpr auto fields = std::tuple{wire::field("id", &Readdir::id), wire::field("handle", &Readdir::handle)};
};

struct Remove {
  static constexpr std::uint8_t number = 13;
  static constexpr const char* name = "SSH_FXP_REMOVE";
  static constexpr ReplyKind reply = ReplyKind::status;
  std::uint32_t id = 0;
  std::string_view filename;
  static constexpr auto fields = std::tuple{wire::field("id", &Remove::id), wire::field("filename", &Remove::filename)};
};

struct Mkdir {
  static constexpr std::uint8_t number = 14;
  static constexpr const char* name = "SSH_FXP_MKDIR";
  static constexpr ReplyKind reply = ReplyKind::status;
  std::uint32_t id = 0;
  std::string_view path;
  Attributes attrs;
  static constexpr auto fields =
      std::tuple{wire::field("id", &Mkdir::id), wire::field("path", &Mkdir::path), wire::field("attrs", &Mkdir::attrs)};
};

struct Rmdir {
  static constexpr std::uint8_t number = 15;
  static constexpr const char* name = "SSH_FXP_RMDIR";
  static constexpr ReplyKind reply = ReplyKind::status;
  std::uint32_t id = 0;
  std::string_view path;
  static constexpr auto fields = std::tuple{wire::field("id", &Rmdir::id), wire::field("path", &Rmdir::path)};
};

struct Realpath {
  static constexpr std::uint8_t number = 16;
  static constexpr const char* name = "SSH_FXP_REALPATH";
  static constexpr ReplyKind reply = ReplyKind::name;
  std::uint32_t id = 0;
  std::string_view path;
  static constexpr auto fields = std::tuple{wire::field("id", &Realpath::id), wire::field("path", &Realpath::path)};
};

struct Stat {
  static constexpr std::uint8_t number = 17;
  static constexpr const char* name = "SSH_FXP_STAT";
  static constexpr ReplyKind reply = ReplyKind::attrs;
  std::uint32_t id = 0;
  std::string_view path;
  static constexpr auto fields = std::tuple{wire::field("id", &Stat::id), wire::field("path", &Stat::path)};
};

// Fails where `newpath` exists (filexfer-02 §6.5).
struct Rename {
  static constexpr std::uint8_t number = 18;
  static constexpr const char* name = "SSH_FXP_RENAME";
  static constexpr ReplyKind reply = ReplyKind::status;
  std::uint32_t id = 0;
  std::string_view oldpath;
  std::string_view newpath;
  static constexpr auto fields = std::tuple{wire::field("id", &Rename::id), wire::field("oldpath", &Rename::oldpath),
                                            wire::field("newpath", &Rename::newpath)};
};

struct Readlink {
  static constexpr std::uint8_t number = 19;
  static constexpr const char* name = "SSH_FXP_READLINK";
  static constexpr ReplyKind reply = ReplyKind::name;
  std::uint32_t id = 0;
  std::string_view path;
  static constexpr auto fields = std::tuple{wire::field("id", &Readlink::id), wire::field("path", &Readlink::path)};
};

// filexfer-02 §6.10, in OpenSSH's order. For peers that keep the draft's (symlink_order.h) the two paths change places.
struct Symlink {
  static constexpr std::uint8_t number = 20;
  static constexpr const char* name = "SSH_FXP_SYMLINK";
  static constexpr ReplyKind reply = ReplyKind::status;
  std::uint32_t id = 0;
  std::string_view targetpath;
  std::string_view linkpath;
  static constexpr auto fields =
      std::tuple{wire::field("id", &Symlink::id), wire::field("targetpath", &Symlink::targetpath),
                 wire::field("linkpath", &Symlink::linkpath)};
};

// Any extended request; the form of `body` depends on the name. See extensions.h for the known ones.
struct Extended {
  static constexpr std::uint8_t number = 200;
  static constexpr const char* name = "SSH_FXP_EXTENDED";
  static constexpr ReplyKind reply = ReplyKind::extended;
  std::uint32_t id = 0;
  std::string_view request;
  wire::Rest body;
  static constexpr auto fields =
      std::tuple{wire::field("id", &Extended::id), wire::field("request", &Extended::request),
                 wire::field("body", &Extended::body)};
};

// Every request with an id.
using RequestMessages = std::tuple<Open, Close, Read, Write, Lstat, Fstat, Setstat, Fsetstat, Opendir, Readdir, Remove,
                                   Mkdir, Rmdir, Realpath, Stat, Rename, Readlink, Symlink, Extended>;

}  // namespace hawser::sftp
