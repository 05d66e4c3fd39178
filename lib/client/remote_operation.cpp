#include "client/remote_operation.h"

#include <algorithm>

#include "hawser/sftp/requests.h"

namespace hawser::client {
namespace {

// Requests on single names that are under way at once.
constexpr std::size_t batch = 256;

}  // namespace

RemoteFile& RemoteFile::operator=(RemoteFile&& other) noexcept {
  std::swap(link_, other.link_);
  std::swap(file_, other.file_);
  return *this;
}

RemoteFile::~RemoteFile() {
  if (file_) link_->thread->release(std::move(file_));
}

std::future<SFTPResult<std::size_t>> RemoteFile::start_read(std::uint64_t offset, std::shared_ptr<ByteVector> into) {
  return link_->thread->start(
      [file = file_, offset, into = std::move(into)] { return file->read_at(offset, MutableBytes(*into)); });
}

std::future<SFTPResult<void>> RemoteFile::start_write(std::uint64_t offset, std::shared_ptr<const ByteVector> data) {
  return link_->thread->start(
      [file = file_, offset, data = std::move(data)] { return file->write_at(offset, Bytes(*data)); });
}

SFTPResult<sftp::Attributes> RemoteFile::stat() {
  return link_->thread->run([file = file_] { return file->stat(); });
}

SFTPResult<std::uint64_t> RemoteFile::download(DataSink& sink) {
  return link_->thread->run([file = file_, &sink] { return file->download(sink); });
}

SFTPResult<void> RemoteFile::copy_to(const RemoteFile& target) {
  return link_->thread->run([file = file_, other = target.file_] { return file->copy_to(*other, 0, 0, 0); });
}

SFTPResult<sftp::Attributes> RemoteFile::stat_and_close() {
  return link_->thread->run([file = file_] { return file->stat_and_close(); });
}

SFTPResult<void> RemoteFile::close() {
  return link_->thread->run([file = file_] { return file->close(); });
}

std::optional<sftp::Attributes> RemoteOperation::found(SFTPResult<sftp::Attributes> result) const {
  if (result) return std::move(*result);
  if (is_missing(result.error())) return std::nullopt;
  raise(result.error(), subject_);
}

std::optional<sftp::Attributes> RemoteOperation::find(const std::string& path) {
  return found(run([sftp = link_->sftp, path] { return sftp->stat(path); }));
}

std::optional<sftp::Attributes> RemoteOperation::find_link(const std::string& path) {
  return found(run([sftp = link_->sftp, path] { return sftp->lstat(path); }));
}

std::vector<std::optional<sftp::Attributes>> RemoteOperation::find_all(const std::vector<std::string>& paths) {
  std::vector<std::optional<sftp::Attributes>> all;
  for (std::size_t begin = 0; begin < paths.size(); begin += batch) {
    std::vector<std::future<SFTPResult<sftp::Attributes>>> answers;
    for (std::size_t i = begin; i < std::min(paths.size(), begin + batch); ++i) {
      answers.push_back(link_->thread->start([sftp = link_->sftp, path = paths[i]] { return sftp->stat(path); }));
    }
    for (auto& answer : answers) {
      SFTPResult<sftp::Attributes> result = answer.get();
      // One entry that cannot be looked at (a loop of links, a forbidden target) does not spoil the list.
      if (!result && is_lost(result.error())) raise(result.error(), subject_);
      all.push_back(result ? std::optional(*result) : std::nullopt);
    }
  }
  return all;
}

std::optional<std::vector<DirectoryEntry>> RemoteOperation::list(const std::string& path) {
  SFTPResult<std::vector<DirectoryEntry>> entries = run([sftp = link_->sftp, path] { return sftp->list(path); });
  if (entries) return std::move(*entries);
  if (is_missing(entries.error())) return std::nullopt;
  if (is_unspecific(entries.error())) {
    // Some servers say only "failure" for OPENDIR of a file.
    const std::optional<sftp::Attributes> there = find(path);
    if (!there || !sftp::is_directory(*there)) return std::nullopt;
  }
  raise(entries.error(), subject_);
}

SFTPResult<RemoteFile> RemoteOperation::open(const std::string& path, std::uint32_t flags) {
  changed_ = changed_ || flags != sftp::open_flags::read;
  SFTPResult<File> file = run([sftp = link_->sftp, path, flags] { return sftp->open(path, flags); });
  if (!file) return file.error();
  return RemoteFile(link_, std::move(*file));
}

SFTPResult<void> RemoteOperation::make_directory(const std::string& path) {
  changed_ = true;
  return run([sftp = link_->sftp, path] { return sftp->make_directory(path); });
}

SFTPResult<void> RemoteOperation::remove_directory(const std::string& path) {
  changed_ = true;
  return run([sftp = link_->sftp, path] { return sftp->remove_directory(path); });
}

SFTPResult<void> RemoteOperation::remove(const std::string& path) {
  changed_ = true;
  return run([sftp = link_->sftp, path] { return sftp->remove(path); });
}

SFTPResult<void> RemoteOperation::remove_all(const std::vector<std::string>& paths) {
  changed_ = changed_ || !paths.empty();
  SFTPResult<void> outcome;
  for (std::size_t begin = 0; begin < paths.size() && outcome; begin += batch) {
    std::vector<std::future<SFTPResult<void>>> answers;
    for (std::size_t i = begin; i < std::min(paths.size(), begin + batch); ++i) {
      answers.push_back(link_->thread->start([sftp = link_->sftp, path = paths[i]] { return sftp->remove(path); }));
    }
    for (auto& answer : answers) {
      const SFTPResult<void> result = answer.get();
      if (!result && outcome && !is_missing(result.error())) outcome = result;
    }
  }
  return outcome;
}

SFTPResult<void> RemoteOperation::rename(const std::string& from, const std::string& to) {
  changed_ = true;
  return run([sftp = link_->sftp, from, to] { return sftp->rename(from, to); });
}

SFTPResult<void> RemoteOperation::posix_rename(const std::string& from, const std::string& to) {
  changed_ = true;
  return run([sftp = link_->sftp, from, to] { return sftp->posix_rename(from, to); });
}

}  // namespace hawser::client
