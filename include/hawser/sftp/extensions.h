// The extended requests that Hawser knows (filexfer-02 §8, OpenSSH PROTOCOL §4). Each struct is the body behind the
// name; an `ExtendedRequest<Body>` is the whole message.
#pragma once

#include "hawser/sftp/requests.h"

namespace hawser::sftp {

// rename() as POSIX has it: an existing target is replaced (OpenSSH PROTOCOL §4.3).
struct PosixRename {
  static constexpr std::string_view extension = "posix-rename@openssh.com";
  static constexpr ReplyKind reply = ReplyKind::status;
  std::string_view oldpath;
  std::string_view newpath;
  static constexpr auto fields =
      std::tuple{wire::field("oldpath", &PosixRename::oldpath), wire::field("newpath", &PosixRename::newpath)};
};

// Answered by FileSystemStatistics (OpenSSH PROTOCOL §4.4).
struct Statvfs {
  static constexpr std::string_view extension = "statvfs@openssh.com";
  static constexpr ReplyKind reply = ReplyKind::extended;
  std::string_view path;
  static constexpr auto fields = std::tuple{wire::field("path", &Statvfs::path)};
};

// The same for an open file.
struct Fstatvfs {
  static constexpr std::string_view extension = "fstatvfs@openssh.com";
  static constexpr ReplyKind reply = ReplyKind::extended;
  HandleView handle;
  static constexpr auto fields = std::tuple{wire::field("handle", &Fstatvfs::handle)};
};

// OpenSSH PROTOCOL §4.5.
struct Hardlink {
  static constexpr std::string_view extension = "hardlink@openssh.com";
  static constexpr ReplyKind reply = ReplyKind::status;
  std::string_view oldpath;
  std::string_view newpath;
  static constexpr auto fields =
      std::tuple{wire::field("oldpath", &Hardlink::oldpath), wire::field("newpath", &Hardlink::newpath)};
};

// OpenSSH PROTOCOL §4.6.
struct Fsync {
  static constexpr std::string_view extension = "fsync@openssh.com";
  static constexpr ReplyKind reply = ReplyKind::status;
  HandleView handle;
  static constexpr auto fields = std::tuple{wire::field("handle", &Fsync::handle)};
};

// SETSTAT that does not follow a symbolic link (OpenSSH PROTOCOL §4.7).
struct Lsetstat {
  static constexpr std::string_view extension = "lsetstat@openssh.com";
  static constexpr ReplyKind reply = ReplyKind::status;
  std::string_view path;
  Attributes attrs;
  static constexpr auto fields =
      std::tuple{wire::field("path", &Lsetstat::path), wire::field("attrs", &Lsetstat::attrs)};
};

// Answered by Limits (OpenSSH PROTOCOL §4.8).
struct LimitsRequest {
  static constexpr std::string_view extension = "limits@openssh.com";
  static constexpr ReplyKind reply = ReplyKind::extended;
  static constexpr auto fields = std::tuple<>{};
};

// REALPATH that also expands `~` (OpenSSH PROTOCOL §4.9).
struct ExpandPath {
  static constexpr std::string_view extension = "expand-path@openssh.com";
  static constexpr ReplyKind reply = ReplyKind::name;
  std::string_view path;
  static constexpr auto fields = std::tuple{wire::field("path", &ExpandPath::path)};
};

// Copies within the server; a length of 0 means up to the end of the file (draft-ietf-secsh-filexfer-extensions-00 §7).
struct CopyData {
  static constexpr std::string_view extension = "copy-data";
  static constexpr ReplyKind reply = ReplyKind::status;
  HandleView read_from_handle;
  std::uint64_t read_from_offset = 0;
  std::uint64_t read_data_length = 0;
  HandleView write_to_handle;
  std::uint64_t write_to_offset = 0;
  static constexpr auto fields = std::tuple{wire::field("read_from_handle", &CopyData::read_from_handle),
                                            wire::field("read_from_offset", &CopyData::read_from_offset),
                                            wire::field("read_data_length", &CopyData::read_data_length),
                                            wire::field("write_to_handle", &CopyData::write_to_handle),
                                            wire::field("write_to_offset", &CopyData::write_to_offset)};
};

// An empty user name means the own one (draft-ietf-secsh-filexfer-extensions-00 §5).
struct HomeDirectory {
  static constexpr std::string_view extension = "home-directory";
  static constexpr ReplyKind reply = ReplyKind::name;
  std::string_view username;
  static constexpr auto fields = std::tuple{wire::field("username", &HomeDirectory::username)};
};

// Two lists of packed uint32 numbers (OpenSSH PROTOCOL §4.12).
struct UsersGroupsById {
  static constexpr std::string_view extension = "users-groups-by-id@openssh.com";
  static constexpr ReplyKind reply = ReplyKind::extended;
  Bytes uids;
  Bytes gids;
  static constexpr auto fields =
      std::tuple{wire::field("uids", &UsersGroupsById::uids), wire::field("gids", &UsersGroupsById::gids)};
};

using ExtensionBodies = std::tuple<PosixRename, Statvfs, Fstatvfs, Hardlink, Fsync, Lsetstat, LimitsRequest, ExpandPath,
                                   CopyData, HomeDirectory, UsersGroupsById>;

// SSH_FXP_EXTENDED with a known body. To decode one, decode `Extended`, look at the name, and decode its `body`.
template <class Body>
struct ExtendedRequest {
  static constexpr std::uint8_t number = Extended::number;
  static constexpr const char* name = Extended::name;
  static constexpr ReplyKind reply = Body::reply;
  std::uint32_t id = 0;
  std::string_view request = Body::extension;
  Body body;
  static constexpr auto fields =
      std::tuple{wire::field("id", &ExtendedRequest::id), wire::field("request", &ExtendedRequest::request),
                 wire::field("body", &ExtendedRequest::body)};
};

// The reply to statvfs@openssh.com and fstatvfs@openssh.com.
struct StatvfsReply {
  FileSystemStatistics statistics;
  static constexpr auto fields = std::tuple{wire::field("statistics", &StatvfsReply::statistics)};
};

// The reply to limits@openssh.com; 0 means that the server has no such limit or does not tell.
struct Limits {
  std::uint64_t max_packet_length = 0;
  std::uint64_t max_read_length = 0;
  std::uint64_t max_write_length = 0;
  std::uint64_t max_open_handles = 0;
  static constexpr auto fields = std::tuple{wire::field("max_packet_length", &Limits::max_packet_length),
                                            wire::field("max_read_length", &Limits::max_read_length),
                                            wire::field("max_write_length", &Limits::max_write_length),
                                            wire::field("max_open_handles", &Limits::max_open_handles)};
  friend bool operator==(const Limits&, const Limits&) = default;
};

// The reply to users-groups-by-id@openssh.com: strings one behind the other, an empty one for an unknown number.
struct UsersGroups {
  Bytes usernames;
  Bytes groupnames;
  static constexpr auto fields = std::tuple{wire::field("usernames", &UsersGroups::usernames),
                                            wire::field("groupnames", &UsersGroups::groupnames)};
};

// SSH_FXP_EXTENDED_REPLY with a known body.
template <class Body>
struct ExtendedReplyWith {
  static constexpr std::uint8_t number = 201;
  static constexpr const char* name = "SSH_FXP_EXTENDED_REPLY";
  std::uint32_t id = 0;
  Body body;
  static constexpr auto fields =
      std::tuple{wire::field("id", &ExtendedReplyWith::id), wire::field("body", &ExtendedReplyWith::body)};
};

// Which extensions a server offers, or has been seen to offer.
struct Extensions {
  bool posix_rename = false;
  bool statvfs = false;
  bool fstatvfs = false;
  bool hardlink = false;
  bool fsync = false;
  bool lsetstat = false;
  bool limits = false;
  bool expand_path = false;
  bool copy_data = false;
  bool home_directory = false;
  bool users_groups_by_id = false;
  friend bool operator==(const Extensions&, const Extensions&) = default;
};

// One row per extension: its name, the data that VERSION carries for it, and its place in `Extensions`.
struct ExtensionRow {
  std::string_view name;
  std::string_view version;
  bool Extensions::*member;
};

inline constexpr std::array extension_table{
    ExtensionRow{PosixRename::extension, "1", &Extensions::posix_rename},
    ExtensionRow{Statvfs::extension, "2", &Extensions::statvfs},
    ExtensionRow{Fstatvfs::extension, "2", &Extensions::fstatvfs},
    ExtensionRow{Hardlink::extension, "1", &Extensions::hardlink},
    ExtensionRow{Fsync::extension, "1", &Extensions::fsync},
    ExtensionRow{Lsetstat::extension, "1", &Extensions::lsetstat},
    ExtensionRow{LimitsRequest::extension, "1", &Extensions::limits},
    ExtensionRow{ExpandPath::extension, "1", &Extensions::expand_path},
    ExtensionRow{CopyData::extension, "1", &Extensions::copy_data},
    ExtensionRow{HomeDirectory::extension, "1", &Extensions::home_directory},
    ExtensionRow{UsersGroupsById::extension, "1", &Extensions::users_groups_by_id},
};

// Null for an extension that is not in the table.
const ExtensionRow* find_extension(std::string_view name);

}  // namespace hawser::sftp
