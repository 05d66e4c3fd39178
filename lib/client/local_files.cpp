// Whole files between the server and the local file system.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "client/file_transfer.h"

namespace hawser::client {
namespace {

SFTPError local_error(Error error, std::string_view path) {
  return {error, std::string(path) + ": " + std::generic_category().message(errno)};
}

sftp::Attributes kept_attributes(const struct stat& local) {
  sftp::Attributes kept;
  kept.permissions = local.st_mode & sftp::file_mode::rights_mask;
  kept.times = sftp::FileTimes{sftp::clamp_time(local.st_atim.tv_sec), sftp::clamp_time(local.st_mtim.tv_sec)};
  return kept;
}

std::uint32_t flags_for_writing(const TransferOptions& options) {
  const std::uint32_t truncate = options.offset == 0 ? sftp::open_flags::truncate : 0;
  return sftp::open_flags::write | sftp::open_flags::create | truncate;
}

// O_NONBLOCK: a fifo that stands where a regular file is expected is not waited for.
Result<LocalFile> open_local(const std::string& path, int flags, const TransferOptions& options) {
  if (options.regular_only) flags |= O_NOFOLLOW | O_NONBLOCK;
  Result<LocalFile> file = LocalFile::open(options.local_directory.value_or(AT_FDCWD), path.c_str(), flags, 0666);
  if (file && options.regular_only && !file->regular()) {
    errno = EINVAL;
    return Error(Errc::file_error, "not a regular file");
  }
  return file;
}

}  // namespace

// Set-uid, set-gid and sticky are never taken over: a server must not make a local program privileged.
void preserve_locally(int fd, const sftp::Attributes& attributes) {
  if (attributes.permissions) ::fchmod(fd, *attributes.permissions & sftp::file_mode::rights_mask);
  if (attributes.times) {
    const std::array<timespec, 2> times{timespec{static_cast<time_t>(attributes.times->atime), 0},
                                        timespec{static_cast<time_t>(attributes.times->mtime), 0}};
    ::futimens(fd, times.data());
  }
}

Awaitable<SFTPResult<std::uint64_t>> fetch(SFTPClient& client, std::string remote, LocalFile& local,
                                           TransferOptions options) {
  SFTPResult<File> file = co_await client.open(std::move(remote), sftp::open_flags::read);
  if (!file) co_return file.error();
  if (options.resume) {
    struct stat status {};
    if (::fstat(local.fd(), &status) != 0) co_return local_error(Error(Errc::file_error), "the local file");
    options.offset = static_cast<std::uint64_t>(status.st_size);
  }
  const std::uint64_t begin = options.offset;
  local.cut_short(begin);  // only now: where there is no remote file, the local one stays as it is
  const SFTPResult<std::uint64_t> end = co_await file->download(local, options);
  if (!end) co_return end.error();
  if (options.preserve) {
    const SFTPResult<sftp::Attributes> attributes = co_await file->stat();
    if (!attributes) co_return attributes.error();
    preserve_locally(local.fd(), *attributes);
  }
  if (const Result<void> closed = local.close(); !closed) co_return closed.error();
  co_return *end - begin;
}

Awaitable<SFTPResult<std::uint64_t>> store(SFTPClient& client, LocalFile& local, std::string remote,
                                           TransferOptions options) {
  if (options.resume) {
    const SFTPResult<sftp::Attributes> there = co_await client.stat(remote);
    if (!there && !there.error().is(sftp::StatusCode::no_such_file)) co_return there.error();
    options.offset = there ? there->size.value_or(0) : 0;
  }
  struct stat status {};
  if (::fstat(local.fd(), &status) != 0) co_return local_error(Error(Errc::file_error), remote);
  // A file in the making is its owner's alone when its final rights are restricted; the server's umask does the rest.
  sftp::Attributes created;
  if (options.preserve) created.permissions = status.st_mode & sftp::file_mode::rights_mask;
  SFTPResult<File> file = co_await client.open(std::move(remote), flags_for_writing(options), created);
  if (!file) co_return file.error();
  const std::uint64_t begin = options.offset;
  std::optional<std::uint64_t> size;
  if (S_ISREG(status.st_mode) && status.st_size > 0) size = static_cast<std::uint64_t>(status.st_size);
  std::uint64_t end = begin;
  if (!size || begin < *size) {
    const SFTPResult<std::uint64_t> sent = co_await file->upload(local, options, size);
    if (!sent) co_return sent.error();
    end = *sent;
  }
  if (options.preserve) {
    const SFTPResult<void> kept = co_await file->set_attributes(kept_attributes(status));
    if (!kept) co_return kept.error();
  }
  const SFTPResult<void> closed = co_await file->close();
  if (!closed) co_return closed.error();
  co_return end - begin;
}

Awaitable<SFTPResult<std::uint64_t>> SFTPClient::get(std::string remote, DataSink& sink, TransferOptions options) {
  SFTPResult<File> file = co_await open(std::move(remote), sftp::open_flags::read);
  if (!file) co_return file.error();
  const std::uint64_t begin = options.offset;
  const SFTPResult<std::uint64_t> end = co_await file->download(sink, std::move(options));
  if (!end) co_return end.error();
  co_return *end - begin;
}

Awaitable<SFTPResult<std::uint64_t>> SFTPClient::put(DataSource& source, std::string remote, TransferOptions options) {
  SFTPResult<File> file = co_await open(std::move(remote), flags_for_writing(options));
  if (!file) co_return file.error();
  const std::uint64_t begin = options.offset;
  const SFTPResult<std::uint64_t> end = co_await file->upload(source, std::move(options));
  if (!end) co_return end.error();
  const SFTPResult<void> closed = co_await file->close();
  if (!closed) co_return closed.error();
  co_return *end - begin;
}

Awaitable<SFTPResult<std::uint64_t>> SFTPClient::get_file(std::string remote, std::string local,
                                                          TransferOptions options) {
  Result<LocalFile> file = open_local(local, O_WRONLY | O_CREAT, options);
  if (!file) co_return local_error(file.error(), local);
  SFTPResult<std::uint64_t> moved = co_await fetch(*this, std::move(remote), *file, std::move(options));
  co_return moved;
}

Awaitable<SFTPResult<std::uint64_t>> SFTPClient::put_file(std::string local, std::string remote,
                                                          TransferOptions options) {
  Result<LocalFile> file = open_local(local, O_RDONLY, options);
  if (!file) co_return local_error(file.error(), local);
  SFTPResult<std::uint64_t> moved = co_await store(*this, *file, std::move(remote), std::move(options));
  co_return moved;
}

}  // namespace hawser::client
