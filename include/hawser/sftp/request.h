// A request as the server sees it. It owns what its views point to: it may be kept across a wait and moved about, and
// its strings stay valid until it is destroyed or released.
//
//   if (const auto* read = std::get_if<sftp::Read>(&request.body)) serve(read->handle, read->offset, read->length);
#pragma once

#include <variant>

#include "hawser/sftp/extensions.h"
#include "hawser/sftp/requests.h"
#include "hawser/wire/payload.h"

namespace hawser::sftp {

// Its body does not parse: to be answered by BAD_MESSAGE.
struct Malformed {
  Error error;
};

// A type, or an extension, that is not known or not offered: to be answered by OP_UNSUPPORTED.
struct Unsupported {
  std::uint8_t type = 0;
  std::string_view extension;  // for SSH_FXP_EXTENDED
};

using RequestBody = std::variant<Malformed, Unsupported, Init, Open, Close, Read, WriteHeader, Lstat, Fstat, Setstat,
                                 Fsetstat, Opendir, Readdir, Remove, Mkdir, Rmdir, Realpath, Stat, Rename, Readlink,
                                 Symlink, PosixRename, Statvfs, Fstatvfs, Hardlink, Fsync, Lsetstat, LimitsRequest,
                                 ExpandPath, CopyData, HomeDirectory, UsersGroupsById>;

struct Request {
  std::uint32_t id = 0;   // goes into the reply; INIT has none
  std::uint8_t type = 0;  // the message number
  RequestBody body = Unsupported{};
  PayloadChain data;     // of a WRITE: the bytes to write, where they were received
  Payload storage;       // keeps what `body` views alive
  std::size_t cost = 0;  // what ServerEngine counts it for

  Request() = default;
  Request(Request&&) = default;
  Request& operator=(Request&&) = default;
};

}  // namespace hawser::sftp
