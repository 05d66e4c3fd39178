// One run of an SFTPServer: parses requests, has the file system do them, writes the replies.
#pragma once

#include <string>
#include <vector>

#include "hawser/server/sftp_server.h"
#include "hawser/server/sftp_status.h"
#include "hawser/sftp/handle_table.h"
#include "hawser/sftp/reply_writer.h"
#include "hawser/sftp/server_engine.h"
#include "request_policy.h"
#include "sftp_event_hooks.h"

namespace hawser::server {

// What a client's handle stands for: a file or a directory.
struct SFTPHandle {
  std::string path;
  OpenMode mode;
  std::unique_ptr<File> file;
  std::unique_ptr<Directory> directory;
  std::vector<DirectoryEntry> entries;  // read from the directory and not yet sent, from `sent` on
  std::size_t sent = 0;
  bool started = false;  // "." and ".." have been sent
  bool endless = false;  // it lists only what no client may be shown, and is read no further
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_written = 0;
};

class SFTPSession {
 public:
  explicit SFTPSession(SFTPServer& server);

  net::Awaitable<Result<void>> run();

 private:
  // What a handler gives: why it failed, or nothing; then it has replied, or STATUS OK is the reply.
  using Outcome = FileResult<void>;

  net::Awaitable<Result<void>> serve_all();
  net::Awaitable<void> close_handles();
  net::Awaitable<Outcome> close_handle(SFTPHandle& open, bool session_ended);
  void report_consumed();

  // READ and WRITE where the file can do them at once. False: nothing has been done.
  bool try_serve(const sftp::Request& request);
  bool try_read(const sftp::Read& read);
  bool try_write(const sftp::WriteHeader& write, const PayloadChain& data);

  net::Awaitable<void> serve(const sftp::Request& request);
  net::Awaitable<Outcome> dispatch(const sftp::Request& request);
  net::Awaitable<Outcome> handle(sftp::Malformed);
  net::Awaitable<Outcome> handle(sftp::Unsupported);
  net::Awaitable<Outcome> handle(sftp::Init);
  // On handles (sftp_handle_requests.cpp)
  net::Awaitable<Outcome> handle(sftp::Open);
  net::Awaitable<Outcome> handle(sftp::Close);
  net::Awaitable<Outcome> handle(sftp::Read);
  net::Awaitable<Outcome> handle_write(sftp::WriteHeader write, const PayloadChain& data);
  net::Awaitable<Outcome> handle(sftp::Fstat);
  net::Awaitable<Outcome> handle(sftp::Fsetstat);
  net::Awaitable<Outcome> set_attributes(const SFTPHandle& open, sftp::Attributes attributes);
  net::Awaitable<Outcome> handle(sftp::Opendir);
  net::Awaitable<Outcome> handle(sftp::Readdir);
  net::Awaitable<Outcome> handle(sftp::Fstatvfs);
  net::Awaitable<Outcome> handle(sftp::Fsync);
  // On paths (sftp_path_requests.cpp)
  net::Awaitable<Outcome> handle(sftp::Stat);
  net::Awaitable<Outcome> handle(sftp::Lstat);
  net::Awaitable<Outcome> handle(sftp::Setstat);
  net::Awaitable<Outcome> handle(sftp::Lsetstat);
  net::Awaitable<Outcome> handle(sftp::Remove);
  net::Awaitable<Outcome> handle(sftp::Mkdir);
  net::Awaitable<Outcome> handle(sftp::Rmdir);
  net::Awaitable<Outcome> handle(sftp::Rename);
  net::Awaitable<Outcome> handle(sftp::PosixRename);
  net::Awaitable<Outcome> handle(sftp::Realpath);
  net::Awaitable<Outcome> handle(sftp::ExpandPath);
  net::Awaitable<Outcome> handle(sftp::Readlink);
  net::Awaitable<Outcome> handle(sftp::Symlink);
  net::Awaitable<Outcome> handle(sftp::Hardlink);
  net::Awaitable<Outcome> handle(sftp::Statvfs);
  net::Awaitable<Outcome> handle(sftp::LimitsRequest);

  net::Awaitable<Outcome> change_attributes(std::string_view path, sftp::Attributes attributes, bool of_link);
  net::Awaitable<Outcome> rename(std::string_view from, std::string_view to, bool replace);
  net::Awaitable<Outcome> answer_real_path(FileResult<std::string> path);
  net::Awaitable<Outcome> fill_names(SFTPHandle& open);
  net::Awaitable<void> add_dots(SFTPHandle& open);
  bool add_name(std::string_view name, const sftp::Attributes& attributes, std::uint32_t links);

  // The client's path, absolute and clean. Errors: invalid_path, name_too_long.
  FileResult<std::string> resolve(std::string_view path) const;
  // May the name itself be made, removed or replaced?
  net::Awaitable<bool> may_change_name(std::string path);
  sftp::Attributes creation_attributes(const sftp::Attributes& asked, std::uint32_t fallback) const;
  // Errors: closed where there is no such handle, wrong_type where it is one of a directory (or of a file).
  FileResult<SFTPHandle*> find_file(std::string_view handle);
  FileResult<SFTPHandle*> find_readable(std::string_view handle);
  FileResult<SFTPHandle*> find_writable(std::string_view handle);
  void reply_data(SFTPHandle& open, sftp::DataReply& data, std::size_t asked, const FileResult<std::size_t>& read);
  void count_write(SFTPHandle& open, std::size_t size);
  std::span<const Bytes> pieces_of(const PayloadChain& data);
  void begin(const sftp::Request& request);

  template <wire::HasFields M>
  void reply(const M& message) {
    chain_.clear();
    channel_.reserve(sftp::framed_size(message), chain_);
    sftp::write_message(chain_, message);
    send();
  }
  void reply_status(sftp::StatusCode code);
  void reply_error(FileError error);
  void send();
  void reply_exception(const char* what);

  SFTPServer& server_;
  net::ByteChannel& channel_;
  FileSystem& file_system_;
  const SFTPServerOptions& options_;
  SFTPCounters& counters_;
  std::shared_ptr<BufferPool> pool_;
  RequestPolicy policy_;
  SFTPEventHooks hooks_;
  sftp::ServerEngine engine_;
  sftp::HandleTable<SFTPHandle> handles_;
  std::string start_directory_;

  std::uint32_t id_ = 0;        // of the request being served
  bool replied_ = false;        // to it
  std::uint64_t fed_ = 0;       // bytes given to the engine
  std::uint64_t reported_ = 0;  // bytes the channel knows we are done with
  PacketChain chain_;
  std::vector<Bytes> pieces_;
  sftp::NameReply names_;
  std::string longname_;
  std::int64_t now_ = 0;  // for longnames
};

}  // namespace hawser::server
