// A reply as the client sees it, matched to its request. Like a `Request` it owns what its views point to.
#pragma once

#include <variant>

#include "hawser/sftp/extensions.h"
#include "hawser/sftp/replies.h"
#include "hawser/wire/payload.h"

namespace hawser::sftp {

// `Status` is an error from the server, or OK where the request asks for nothing more. `Error` is a reply that does not
// parse or does not fit the request (`unexpected_reply`, `truncated`, ...): the request has failed, the session goes
// on.
using ReplyBody = std::variant<Status, Handle, DataHeader, Name, Attrs, ExtendedReply, Version, Error>;

struct Reply {
  std::uint32_t id = 0;
  std::uint64_t token = 0;  // the one the request was sent with
  std::uint8_t request_type = 0;
  ReplyBody body = Error(Errc::ok);
  PayloadChain data;  // of DATA: the bytes where they were received, never more than asked for
  Payload storage;    // keeps what `body` views alive

  Reply() = default;
  Reply(Reply&&) = default;
  Reply& operator=(Reply&&) = default;

  bool is_ok() const {
    const auto* status = std::get_if<Status>(&body);
    return status != nullptr && status->code == static_cast<std::uint32_t>(StatusCode::ok);
  }
};

}  // namespace hawser::sftp
