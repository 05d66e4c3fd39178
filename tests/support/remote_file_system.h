// The far end of an SFTP session as a FileSystem, so that the suite runs over a session as it does without one. Each
// call waits, on the io_context of the session, until it is answered.
#pragma once

#include "hawser/client/sftp_client.h"
#include "hawser/server/file_system.h"
#include "support/file_system_suite/subject.h"
#include "support/run_awaitable.h"

namespace hawser::test {

// An answer with a status becomes an error that has this status.
inline FileError file_error_of(const client::SFTPError& error) {
  if (!error.from_server()) {
    if (error.code() == Errc::invalid_state) return FileError::closed;
    if (error.code() == Errc::unsupported) return FileError::unsupported;
    MESSAGE("no answer: ", error.message());
    return FileError::failed;
  }
  switch (error.status()) {
    case sftp::StatusCode::eof: return FileError::end_of_file;
    case sftp::StatusCode::no_such_file: return FileError::not_found;
    case sftp::StatusCode::permission_denied: return FileError::permission_denied;
    case sftp::StatusCode::bad_message: return FileError::invalid_path;
    case sftp::StatusCode::op_unsupported: return FileError::unsupported;
    default: return FileError::failed;
  }
}

// The session, and how to wait for it.
struct RemoteSession {
  asio::io_context& io;
  std::shared_ptr<client::SFTPClient> sftp;

  template <class T>
  FileResult<T> wait(client::Awaitable<client::SFTPResult<T>> work) const {
    client::SFTPResult<T> result = run(io, std::move(work));
    if (!result) return file_error_of(result.error());
    if constexpr (std::is_void_v<T>) {
      return {};
    } else {
      return std::move(*result);
    }
  }
};

class RemoteFile final : public server::File {
 public:
  RemoteFile(RemoteSession session, client::File file) : session_(std::move(session)), file_(std::move(file)) {}

  server::Awaitable<FileResult<std::size_t>> read_at(std::uint64_t offset,
                                                     std::span<const MutableBytes> areas) override {
    std::size_t done = 0;
    for (const MutableBytes area : areas) {
      const FileResult<std::size_t> count = session_.wait(file_.read_at(offset + done, area));
      if (!count) co_return count.error();
      done += *count;
      if (*count < area.size()) break;
    }
    co_return done;
  }
  server::Awaitable<FileResult<void>> write_at(std::uint64_t offset, std::span<const Bytes> areas) override {
    for (const Bytes area : areas) {
      const FileResult<void> written = session_.wait(file_.write_at(offset, area));
      if (!written) co_return written.error();
      offset += area.size();
    }
    co_return FileResult<void>();
  }
  server::Awaitable<FileResult<Attributes>> attributes() override { co_return session_.wait(file_.stat()); }
  server::Awaitable<FileResult<void>> set_attributes(const Attributes& attributes) override {
    co_return session_.wait(file_.set_attributes(attributes));
  }
  server::Awaitable<FileResult<void>> sync() override { co_return session_.wait(file_.sync()); }
  server::Awaitable<FileResult<sftp::FileSystemStatistics>> statistics() override {
    co_return session_.wait(file_.statistics());
  }
  server::Awaitable<FileResult<void>> close() override { co_return session_.wait(file_.close()); }

 private:
  RemoteSession session_;
  client::File file_;
};

class RemoteDirectory final : public server::Directory {
 public:
  RemoteDirectory(RemoteSession session, client::Directory directory)
      : session_(std::move(session)), directory_(std::move(directory)) {}

  server::Awaitable<FileResult<std::vector<server::DirectoryEntry>>> next(std::size_t count) override {
    if (rest_.empty()) {
      FileResult<std::vector<client::DirectoryEntry>> more = session_.wait(directory_.next());
      if (!more) co_return more.error();
      rest_.assign(std::make_move_iterator(more->rbegin()), std::make_move_iterator(more->rend()));
    }
    std::vector<server::DirectoryEntry> entries;
    while (!rest_.empty() && entries.size() < count) {
      entries.push_back({std::move(rest_.back().name), rest_.back().attributes, 1});
      rest_.pop_back();
    }
    co_return entries;
  }

 private:
  RemoteSession session_;
  client::Directory directory_;
  std::vector<client::DirectoryEntry> rest_;  // the next one last
};

class RemoteFileSystem final : public server::FileSystem {
 public:
  // `root` is the directory at the far end that is `/` here; empty: its own `/`.
  RemoteFileSystem(asio::io_context& io, std::shared_ptr<client::SFTPClient> sftp, std::string root = {})
      : session_{io, std::move(sftp)}, root_(std::move(root)) {}

  template <class T>
  using Outcome = server::Awaitable<FileResult<T>>;

  Outcome<Attributes> stat(std::string path) override { co_return session_.wait(sftp().stat(at(path))); }
  Outcome<Attributes> lstat(std::string path) override { co_return session_.wait(sftp().lstat(at(path))); }
  Outcome<std::unique_ptr<server::File>> open(std::string path, OpenMode mode, Attributes create) override {
    FileResult<client::File> file = session_.wait(sftp().open(at(path), flags_of(mode), create));
    if (!file) co_return file.error();
    std::unique_ptr<server::File> made = std::make_unique<RemoteFile>(session_, std::move(*file));
    co_return made;
  }
  Outcome<std::unique_ptr<server::Directory>> open_directory(std::string path) override {
    FileResult<client::Directory> directory = session_.wait(sftp().open_directory(at(path)));
    if (!directory) co_return directory.error();
    std::unique_ptr<server::Directory> made = std::make_unique<RemoteDirectory>(session_, std::move(*directory));
    co_return made;
  }
  Outcome<void> make_directory(std::string path, Attributes attributes) override {
    co_return session_.wait(sftp().make_directory(at(path), attributes));
  }
  Outcome<void> remove_directory(std::string path) override {
    co_return session_.wait(sftp().remove_directory(at(path)));
  }
  Outcome<void> remove(std::string path) override { co_return session_.wait(sftp().remove(at(path))); }
  Outcome<void> rename(std::string from, std::string to, bool replace) override {
    co_return session_.wait(replace ? sftp().posix_rename(at(from), at(to)) : sftp().rename(at(from), at(to)));
  }
  Outcome<void> set_attributes(std::string path, Attributes attributes) override {
    co_return session_.wait(sftp().set_attributes(at(path), attributes));
  }
  Outcome<void> set_link_attributes(std::string path, Attributes attributes) override {
    co_return session_.wait(sftp().set_link_attributes(at(path), attributes));
  }
  Outcome<std::string> read_link(std::string path) override { co_return session_.wait(sftp().read_link(at(path))); }
  Outcome<void> symlink(std::string target, std::string link_path) override {
    co_return session_.wait(sftp().symlink(target, at(link_path)));
  }
  Outcome<void> hard_link(std::string existing, std::string link_path) override {
    co_return session_.wait(sftp().hard_link(at(existing), at(link_path)));
  }
  Outcome<std::string> real_path(std::string path) override {
    const FileResult<std::string> real = session_.wait(sftp().real_path(at(path)));
    if (!real || root_.empty()) co_return real;
    if (*real == root_) co_return std::string("/");
    CHECK_MESSAGE(real->starts_with(root_ + "/"), *real);
    co_return real->substr(root_.size());
  }
  Outcome<sftp::FileSystemStatistics> statistics(std::string path) override {
    co_return session_.wait(sftp().statistics(at(path)));
  }

 private:
  client::SFTPClient& sftp() const { return *session_.sftp; }
  std::string at(const std::string& path) const { return path == "/" && !root_.empty() ? root_ : root_ + path; }
  static std::uint32_t flags_of(OpenMode mode) {
    namespace flags = sftp::open_flags;
    std::uint32_t out = 0;
    if (mode.read) out |= flags::read;
    if (mode.write) out |= flags::write;
    if (mode.append) out |= flags::append;
    if (mode.create) out |= flags::create;
    if (mode.truncate) out |= flags::truncate;
    if (mode.exclusive) out |= flags::exclusive;
    return out;
  }

  RemoteSession session_;
  std::string root_;
};

}  // namespace hawser::test
