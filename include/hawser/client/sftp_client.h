// An SFTP client (filexfer-02 with the extensions of OpenSSH) over any byte stream: an SSH channel
// (`Client::open_sftp`) or a pair of pipes. Everything is pipelined: calls may overlap without limit, and whole files
// move with as many requests under way as the line needs.
//
//   std::shared_ptr<SFTPClient> sftp = ...;
//   SFTPResult<File> file = co_await sftp->open("/tmp/x", sftp::open_flags::read);
//   SFTPResult<std::uint64_t> copied = co_await sftp->get_file("/tmp/x", "x");
//
// Not thread-safe: everything is called on the stream's executor. Paths are bytes, given to the server as they are.
// Dropping the client closes the stream; calls under way fail with Errc::closed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hawser/client/sftp_error.h"
#include "hawser/client/transfer.h"
#include "hawser/net/byte_channel.h"
#include "hawser/sftp/attributes.h"
#include "hawser/sftp/extensions.h"
#include "hawser/sftp/symlink_order.h"

namespace hawser::client {

template <class T>
using Awaitable = net::Awaitable<T>;

class SFTPSession;

struct SFTPClientOptions {
  // Silence while requests are under way that ends the session (Errc::timed_out); 0: never.
  std::chrono::milliseconds io_timeout = std::chrono::seconds(120);
  std::size_t outstanding_requests = 4096;  // more wait for their turn
  std::size_t list_limit = 4'000'000;  // entries that `list` takes (Errc::message_too_large); Directory has no limit
  // What the server expects; `Client::open_sftp` knows it by the server's identification.
  sftp::SymlinkOrder symlink_order = sftp::SymlinkOrder::target_first;
  std::shared_ptr<BufferPool> pool;  // null: one of its own
};

struct DirectoryEntry {
  std::string name;  // one component: not empty, without `/` and NUL
  sftp::Attributes attributes;
};

// An open remote file. Positional: there is no file pointer. A file that is dropped without `close` is closed behind
// its back; after `close` every call gives Errc::invalid_state.
class File {
 public:
  File(File&&) noexcept;
  File& operator=(File&&) noexcept;
  ~File();

  // Reads in as many requests as it takes, all under way at once. Fewer bytes only at the end of the file.
  Awaitable<SFTPResult<std::size_t>> read_at(std::uint64_t offset, MutableBytes into);
  Awaitable<SFTPResult<void>> write_at(std::uint64_t offset, Bytes data);
  // From options.offset to the end; gives the offset of the end. Where `size` is given no more than that is asked of
  // the source.
  Awaitable<SFTPResult<std::uint64_t>> download(DataSink& sink, TransferOptions options = {});
  Awaitable<SFTPResult<std::uint64_t>> upload(DataSource& source, TransferOptions options = {},
                                              std::optional<std::uint64_t> size = std::nullopt);

  Awaitable<SFTPResult<sftp::Attributes>> stat();
  Awaitable<SFTPResult<void>> set_attributes(sftp::Attributes attributes);
  Awaitable<SFTPResult<void>> sync();                              // fsync@openssh.com
  Awaitable<SFTPResult<sftp::FileSystemStatistics>> statistics();  // fstatvfs@openssh.com
  // Copies within the server (copy-data); a length of 0 means up to the end.
  Awaitable<SFTPResult<void>> copy_to(const File& target, std::uint64_t from, std::uint64_t length, std::uint64_t to);
  // Reports what the server could not store. The handle is gone afterwards, whatever the answer.
  Awaitable<SFTPResult<void>> close();
  // FSTAT and CLOSE in one round trip: the attributes after the last write.
  Awaitable<SFTPResult<sftp::Attributes>> stat_and_close();

  const std::string& handle() const { return handle_; }

 private:
  friend class SFTPClient;
  File(std::shared_ptr<SFTPSession> session, std::string handle);
  std::shared_ptr<SFTPSession> session_;
  std::string handle_;
};

// A remote directory being read, several READDIR ahead.
class Directory {
 public:
  Directory(Directory&&) noexcept;
  Directory& operator=(Directory&&) noexcept;
  ~Directory();

  // The next entries, "." and ".." not among them; empty at the end. A name that holds `/` or NUL ends the reading with
  // Errc::bad_value: nothing good can come from it. So does a server that sends nothing but "." and "..".
  Awaitable<SFTPResult<std::vector<DirectoryEntry>>> next();

 private:
  friend class SFTPClient;
  struct State;
  explicit Directory(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

class SFTPClient : public std::enable_shared_from_this<SFTPClient> {
 public:
  // Sends INIT at once. Requests may follow without waiting; `ready` tells whether the server speaks version 3.
  static std::shared_ptr<SFTPClient> begin(std::shared_ptr<net::ByteChannel> channel, SFTPClientOptions options = {});
  static Awaitable<SFTPResult<std::shared_ptr<SFTPClient>>> start(std::shared_ptr<net::ByteChannel> channel,
                                                                  SFTPClientOptions options = {});
  ~SFTPClient();
  SFTPClient(const SFTPClient&) = delete;
  SFTPClient& operator=(const SFTPClient&) = delete;

  Awaitable<SFTPResult<void>> ready();
  // Ends the session; requests under way fail with Errc::closed.
  void close();
  bool alive() const;
  const sftp::Extensions& extensions() const;
  // What limits@openssh.com told; all 0 where the server does not know it, or has not answered yet.
  const sftp::Limits& limits() const;
  asio::any_io_executor executor() const;

  Awaitable<SFTPResult<File>> open(std::string path, std::uint32_t flags, sftp::Attributes attributes = {});
  Awaitable<SFTPResult<Directory>> open_directory(std::string path);
  Awaitable<SFTPResult<std::vector<DirectoryEntry>>> list(std::string path);
  Awaitable<SFTPResult<sftp::Attributes>> stat(std::string path);
  Awaitable<SFTPResult<sftp::Attributes>> lstat(std::string path);
  Awaitable<SFTPResult<void>> set_attributes(std::string path, sftp::Attributes attributes);
  Awaitable<SFTPResult<void>> remove(std::string path);
  Awaitable<SFTPResult<void>> make_directory(std::string path, sftp::Attributes attributes = {});
  Awaitable<SFTPResult<void>> remove_directory(std::string path);
  Awaitable<SFTPResult<void>> rename(std::string from, std::string to);  // fails where `to` exists
  Awaitable<SFTPResult<void>> posix_rename(std::string from,
                                           std::string to);  // replaces `to`; posix-rename@openssh.com
  Awaitable<SFTPResult<std::string>> real_path(std::string path);
  Awaitable<SFTPResult<std::string>> read_link(std::string path);
  Awaitable<SFTPResult<void>> symlink(std::string target, std::string link_path);
  Awaitable<SFTPResult<void>> hard_link(std::string existing, std::string link_path);  // hardlink@openssh.com
  Awaitable<SFTPResult<void>> set_link_attributes(std::string path,
                                                  sftp::Attributes attributes);    // lsetstat@openssh.com
  Awaitable<SFTPResult<sftp::FileSystemStatistics>> statistics(std::string path);  // statvfs@openssh.com
  Awaitable<SFTPResult<std::string>> expand_path(std::string path);                // expand-path@openssh.com
  Awaitable<SFTPResult<std::string>> home_directory(std::string user = {});        // home-directory

  // Whole files; the bytes that were moved.
  Awaitable<SFTPResult<std::uint64_t>> get(std::string remote, DataSink& sink, TransferOptions options = {});
  Awaitable<SFTPResult<std::uint64_t>> put(DataSource& source, std::string remote, TransferOptions options = {});
  Awaitable<SFTPResult<std::uint64_t>> get_file(std::string remote, std::string local, TransferOptions options = {});
  Awaitable<SFTPResult<std::uint64_t>> put_file(std::string local, std::string remote, TransferOptions options = {});

  // A file of the server to another name there, which must not exist; the bytes copied. Within the server where it
  // offers copy-data, else through the client, 1 MiB at a time. What a failure leaves of the new file stays.
  Awaitable<SFTPResult<std::uint64_t>> copy(std::string from, std::string to);

  // Whole directories: what is below `remote` goes below `local`, which is created. Nothing is ever written outside of
  // it, whatever names the server sends and whoever changes the local directories meanwhile; symbolic links are neither
  // followed nor made. They end when every file has: cancelled, they cancel those that are under way.
  Awaitable<SFTPResult<TreeSummary>> get_tree(std::string remote, std::string local, TreeOptions options = {});
  Awaitable<SFTPResult<TreeSummary>> put_tree(std::string local, std::string remote, TreeOptions options = {});

 private:
  explicit SFTPClient(std::shared_ptr<SFTPSession> session);
  std::shared_ptr<SFTPSession> session_;
};

}  // namespace hawser::client
