// The protocol side of an SFTP server: parses requests, keeps the order INIT first, hides what is not offered, and
// bounds what one client can have under way. It does no I/O and opens no files:
//
//   engine.feed(payload);                                  // as channel data comes
//   while (!engine.full()) {
//     Result<std::optional<Request>> request = engine.next();
//     if (!request) end_session(request.error());          // no reply is possible
//     if (!*request) break;                                // needs more bytes
//     ... serve it, send exactly one reply with its id, or engine.version() for INIT ...
//     engine.release(std::move(**request));                // now the reply is queued
//   }
//
// Requests may be released in any order. What a peer sends while the engine is full waits; do not open its window
// meanwhile.
#pragma once

#include "hawser/sftp/replies.h"
#include "hawser/sftp/request_parser.h"

namespace hawser::sftp {

struct ServerOptions {
  // Offered in VERSION; the others are answered by OP_UNSUPPORTED. Set what the storage behind the server can do.
  Extensions extensions{.posix_rename = true,
                        .statvfs = true,
                        .fstatvfs = true,
                        .hardlink = true,
                        .fsync = true,
                        .lsetstat = true,
                        .limits = true};
  std::size_t outstanding_requests = 512;
  std::size_t outstanding_bytes = 8 * 1024 * 1024;  // of requests, and of the data that READs ask for
  // 1 KiB less than 256 KiB, so that the message with its header stays in 256 KiB. What OpenSSH has.
  std::uint32_t maximum_read = 255 * 1024;
  std::uint32_t maximum_write = 255 * 1024;
  std::uint64_t maximum_handles = 256;  // told to the client; HandleTable enforces it
};

class ServerEngine {
 public:
  // The pool must outlive the engine.
  explicit ServerEngine(BufferPool& pool, const ServerOptions& options = {});

  void feed(Payload bytes) { parser_.feed(std::move(bytes)); }

  // The next request, or nullopt when bytes are missing or the engine is full. The length of a READ is already cut to
  // `maximum_read`. An error ends the session: a length that is 0 or too large, no INIT at the start, a second INIT, a
  // client that speaks less than version 3 only.
  Result<std::optional<Request>> next();

  // The request has been answered.
  void release(Request&& request);

  // No further request is given out until one is released.
  bool full() const;
  std::size_t outstanding() const { return outstanding_; }
  std::size_t buffered() const { return parser_.buffered(); }

  // The reply to INIT; valid as long as the engine.
  Version version() const;
  // The reply to limits@openssh.com.
  Limits limits() const;
  const ServerOptions& options() const { return options_; }

 private:
  Result<void> check_order(const Request&);
  void apply_options(Request&) const;

  ServerOptions options_;
  RequestParser parser_;
  ByteVector extension_pairs_;
  std::uint32_t extension_count_ = 0;
  bool initialised_ = false;
  std::size_t outstanding_ = 0;
  std::size_t outstanding_bytes_ = 0;
  Error error_{Errc::ok};
};

}  // namespace hawser::sftp
