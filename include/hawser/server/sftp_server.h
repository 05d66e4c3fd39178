// Serves one byte channel with one file system over SFTP version 3 (filexfer-02), with OpenSSH's extensions.
//
//   SFTPServer server(channel, file_system);
//   co_await server.run();                     // until the client ends, or breaks the protocol
//
// Works on an SSH channel (`net::Channel`) as well as on pipes (`net::PipeChannel`). Requests are served one after the
// other, in the order they came, each by exactly one reply. Subclass it to control access, to keep an audit log or to
// scan what was uploaded; every hook gets the client's view of a path: absolute, clean, below the root of the file
// system.
//
// Not thread-safe: one strand, that of the channel, drives one SFTPServer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hawser/net/byte_channel.h"
#include "hawser/server/file_system.h"
#include "hawser/server/log.h"
#include "hawser/server/sftp_event.h"
#include "hawser/sftp/symlink_order.h"

namespace hawser::server {

struct SFTPServerOptions {
  bool read_only = false;                     // every request that changes something is PERMISSION_DENIED
  std::uint32_t umask = 0;                    // taken away from the permissions of new files and directories
  std::string user;                           // who has signed in, for the hooks; SSHServer::sftp_options_for fills it
  std::string start_directory = "/";          // relative paths begin here; REALPATH "." gives it
  std::vector<std::string> allowed_requests;  // names of `sftp_request_names`; empty: all
  std::vector<std::string>
      denied_requests;  // answered by PERMISSION_DENIED, or not offered at all where it is an extension
  std::size_t open_handles = 256;
  std::size_t name_reply_size = 256 * 1024;                             // of one reply to READDIR
  sftp::SymlinkOrder symlink_order = sftp::SymlinkOrder::target_first;  // what this client sends
  std::shared_ptr<Log> log;
  std::shared_ptr<BufferPool> pool;  // null: one of its own

  // Errors: not_found where a list has a name that is no request.
  Result<void> check() const;
};

// "open", "read", "posix-rename", ...: what `sftp-server -Q requests` prints.
std::vector<std::string_view> sftp_request_names();

// What was served so far. A READ or WRITE that is not `waited` ran without a suspended coroutine.
struct SFTPCounters {
  std::uint64_t requests = 0;
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  std::uint64_t waited = 0;  // reads and writes that could not be done at once
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_written = 0;
};

enum class Access { read, write, execute };

class SFTPServer {
 public:
  SFTPServer(std::shared_ptr<net::ByteChannel> channel, std::shared_ptr<FileSystem> file_system,
             SFTPServerOptions options = {});
  virtual ~SFTPServer();
  SFTPServer(const SFTPServer&) = delete;
  SFTPServer& operator=(const SFTPServer&) = delete;

  // Once. Returns when the client has sent EOF, with all handles closed; the channel is the caller's to end. Errors:
  // the channel broke, or the client sent what no reply can answer (a bad length, requests before INIT, EOF inside a
  // message).
  net::Awaitable<Result<void>> run();

  const SFTPCounters& counters() const { return counters_; }
  // SFTPServerOptions::user: empty on channels that nobody has signed in to, such as pipes.
  const std::string& user() const { return options_.user; }

 protected:
  // May this be done? Asked before the file system is touched; false is PERMISSION_DENIED, an exception the same.
  // `read` covers contents and attributes, `write` changes of both. Names that come and go also ask for `write` on
  // their directory; REALPATH asks for `execute` on the directory the path is in.
  virtual net::Awaitable<bool> check_file_access(std::string path, Access access);       // default: true
  virtual net::Awaitable<bool> check_directory_access(std::string path, Access access);  // default: true
  // Asked once the hooks above have allowed what makes up the event, and before the file system is touched. An error
  // is a veto: the reply tells it to the client (sftp_status.h), and nothing is done. Only a `close` or `closedir` is
  // done all the same, and answered with the veto. An exception is PERMISSION_DENIED, and is logged. Never on READ and
  // WRITE. Default: allowed.
  virtual net::Awaitable<FileResult<void>> before(const SFTPEvent& event);
  // Told how each event ended that `before` was asked about, the vetoed ones too, right before the reply leaves. An
  // exception is logged and changes nothing. Default: nothing.
  virtual net::Awaitable<void> after(const SFTPEvent& event, FileResult<void> result);
  // The permissions of what a client makes without naming any.
  virtual std::uint32_t get_file_permissions(const std::string& path);       // default: 0644
  virtual std::uint32_t get_directory_permissions(const std::string& path);  // default: 0755
  virtual void on_session_ended() {}                                         // all handles are closed

 private:
  friend class SFTPSession;
  friend class SFTPEventHooks;
  std::shared_ptr<net::ByteChannel> channel_;
  std::shared_ptr<FileSystem> file_system_;
  SFTPServerOptions options_;
  SFTPCounters counters_;
};

}  // namespace hawser::server
