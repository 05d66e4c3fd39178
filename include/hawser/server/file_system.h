// The storage behind a server: subclass `FileSystem` and `SFTPServer` exposes it over SFTP.
//
// Paths are the client's view: absolute, `/` is the root, bytes without NUL, already cleaned of `.` and `..` (clamped
// at the root) by the caller. Operations are awaitable and errors are values. A FileSystem serves many connections:
// each method may be called from several threads at once. An exception from a method becomes FAILURE for that request;
// the session lives on.
//
// What a call is given must live until it has completed: the FileSystem, File or Directory itself, and the areas of a
// read or write. A FileSystem must outlive the files and cursors that it opened.
#pragma once

#include <asio/awaitable.hpp>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hawser/net/byte_channel.h"
#include "hawser/sftp/attributes.h"
#include "hawser/wire/bytes.h"

namespace hawser::server {

using net::Awaitable;

// Why an operation of a file system failed. One table (sftp_status.h) maps it to SSH_FX_* codes.
enum class FileError {
  not_found,
  parent_missing,  // the directory that something was to be made in
  permission_denied,
  read_only,
  unsupported,
  already_exists,
  not_empty,
  wrong_type,  // a directory where a file is needed, the other way round, or a file that cannot be opened (a FIFO)
  remove_root,
  no_space,
  invalid_path,
  name_too_long,
  loop,  // too many symbolic links
  too_many_open,
  cross_device,  // the two names are on different file systems
  busy,          // in use: a mount point, a program that runs
  end_of_file,
  closed,
  failed,
};

const char* text_of(FileError);  // stable English, without paths
FileError file_error_of_errno(int errno_value);

template <class T>
class [[nodiscard]] FileResult {
 public:
  FileResult(T value) : value_(std::move(value)) {}
  FileResult(FileError error) : error_(error) {}
  explicit operator bool() const { return value_.has_value(); }
  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  T&& operator*() && { return *std::move(value_); }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }
  FileError error() const { return error_; }

 private:
  std::optional<T> value_;
  FileError error_ = FileError::failed;
};

template <>
class [[nodiscard]] FileResult<void> {
 public:
  FileResult() = default;
  FileResult(FileError error) : error_(error) {}
  explicit operator bool() const { return !error_; }
  FileError error() const { return *error_; }

 private:
  std::optional<FileError> error_;
};

// The bits of SSH_FXP_OPEN, one by one (filexfer-02 §6.3). None implies another, except that append allows writing.
struct OpenMode {
  bool read = false;
  bool write = false;
  bool append = false;     // every write goes to the end
  bool create = false;     // if it is missing
  bool truncate = false;   // if it is there
  bool exclusive = false;  // with create: fail if it is there, be it as a dangling link

  bool writes() const { return write || append; }
  bool changes() const { return write || append || create || truncate || exclusive; }
};

// Which file it is, whatever it is called: st_dev and st_ino, or what a file system has in their place. Two names, or a
// name and a handle, stand for one file while theirs are equal. Only for files that exist.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t number = 0;
  friend auto operator<=>(const FileIdentity&, const FileIdentity&) = default;
};

// What there is to know beyond what version 3 can say.
struct FileStatus {
  sftp::Attributes attributes;
  std::uint32_t links = 1;  // names of the file
  FileIdentity identity;
};

// An open file. Positional: there is no file pointer. Several calls may be under way at once; `close` waits for none of
// them, so that its caller must. A read needs OpenMode::read and a write OpenMode::write, else permission_denied.
class File {
 public:
  virtual ~File() = default;

  // Fills the areas in order from `offset`; gives the bytes read, fewer only at the end of the file, 0 at or past it.
  virtual Awaitable<FileResult<std::size_t>> read_at(std::uint64_t offset, std::span<const MutableBytes> areas) = 0;
  // Writes all of the areas or fails. Past the end the gap reads as zeros. With OpenMode::append the offset is ignored.
  virtual Awaitable<FileResult<void>> write_at(std::uint64_t offset, std::span<const Bytes> areas) = 0;

  // The fast path: the same, when it can be done at once without waiting for a device; nullopt when it would wait. The
  // request engine tries these first, so that a read from the page cache costs no coroutine.
  virtual std::optional<FileResult<std::size_t>> try_read_at(std::uint64_t, std::span<const MutableBytes>) {
    return std::nullopt;
  }
  virtual std::optional<FileResult<void>> try_write_at(std::uint64_t, std::span<const Bytes>) { return std::nullopt; }

  virtual Awaitable<FileResult<sftp::Attributes>> attributes() = 0;
  // Size too; default: unsupported. `attributes` must live until the call has completed.
  virtual Awaitable<FileResult<void>> set_attributes(const sftp::Attributes& attributes);
  virtual Awaitable<FileResult<FileStatus>> status();                      // default: unsupported
  virtual Awaitable<FileResult<void>> sync();                              // default: unsupported
  virtual Awaitable<FileResult<sftp::FileSystemStatistics>> statistics();  // default: unsupported
  // Reports what write-back could not store. Called once; the destructor must release everything even without it.
  virtual Awaitable<FileResult<void>> close() = 0;
};

struct DirectoryEntry {
  std::string name;             // one component, bytes
  sftp::Attributes attributes;  // those of lstat
  std::uint32_t links = 1;
};

// A cursor over the entries of a directory, "." and ".." not among them. One call at a time.
class Directory {
 public:
  virtual ~Directory() = default;
  // At most `count` entries; empty at the end, and again after it.
  virtual Awaitable<FileResult<std::vector<DirectoryEntry>>> next(std::size_t count) = 0;
  // Of the directory itself, whatever it is called by now. Default: unsupported, and those of its path are taken.
  // `attributes` must live until the call has completed.
  virtual Awaitable<FileResult<sftp::Attributes>> attributes();
  virtual Awaitable<FileResult<void>> set_attributes(const sftp::Attributes& attributes);
};

struct Features {
  bool read_only = false;
  bool symlinks = false;
  bool atomic_rename = false;
  bool hard_links = false;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual Awaitable<FileResult<sftp::Attributes>> stat(std::string path) = 0;
  // Only a regular file. `create` says with which permissions a new file is made; writing through this handle does not
  // need them.
  virtual Awaitable<FileResult<std::unique_ptr<File>>> open(std::string path, OpenMode mode,
                                                            sftp::Attributes create) = 0;
  virtual Awaitable<FileResult<std::unique_ptr<Directory>>> open_directory(std::string path) = 0;

  virtual Awaitable<FileResult<sftp::Attributes>> lstat(std::string path);  // default: stat
  // Default for all below: unsupported.
  virtual Awaitable<FileResult<void>> make_directory(std::string path, sftp::Attributes attributes);
  virtual Awaitable<FileResult<void>> remove_directory(std::string path);
  virtual Awaitable<FileResult<void>> remove(std::string path);  // never a directory; a symbolic link itself
  // Without `replace` an existing target is an error (filexfer-02 §6.5), with it the target is replaced atomically
  // where it can.
  virtual Awaitable<FileResult<void>> rename(std::string from, std::string to, bool replace);
  // Each attribute that is present, or an error; follows symbolic links.
  virtual Awaitable<FileResult<void>> set_attributes(std::string path, sftp::Attributes attributes);
  // The same for a symbolic link itself (lsetstat@openssh.com).
  virtual Awaitable<FileResult<void>> set_link_attributes(std::string path, sftp::Attributes attributes);
  virtual Awaitable<FileResult<std::string>> read_link(std::string path);
  virtual Awaitable<FileResult<void>> symlink(std::string target, std::string link_path);
  virtual Awaitable<FileResult<void>> hard_link(std::string existing, std::string link_path);
  // Without symbolic links; the last component may be missing. Default: the path as given.
  virtual Awaitable<FileResult<std::string>> real_path(std::string path);
  virtual Awaitable<FileResult<sftp::FileSystemStatistics>> statistics(std::string path);
  // That of lstat, for those who count files (quota_file_system.h).
  virtual Awaitable<FileResult<FileStatus>> status(std::string path);
  // A directory as a file system of its own, with the directory for its root: nothing outside is reached through it,
  // whatever is renamed or linked meanwhile. It stays with the directory when that gets another name. Where this is
  // unsupported, SubdirFileSystem looks up the links itself.
  virtual Awaitable<FileResult<std::shared_ptr<FileSystem>>> subdirectory(std::string path);

  virtual Features features() const { return {}; }
};

}  // namespace hawser::server
