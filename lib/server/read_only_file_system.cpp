#include "hawser/server/read_only_file_system.h"

#include "server/directory_wrapper.h"
#include "server/file_wrapper.h"

namespace hawser::server {
namespace {

FileResult<sftp::FileSystemStatistics> marked_read_only(FileResult<sftp::FileSystemStatistics> statistics) {
  if (statistics) statistics->f_flag |= sftp::FileSystemStatistics::read_only_flag;
  return statistics;
}

class ReadOnlyFile final : public FileWrapper {
 public:
  using FileWrapper::FileWrapper;

  Awaitable<FileResult<void>> write_at(std::uint64_t, std::span<const Bytes>) override {
    co_return FileError::read_only;
  }
  std::optional<FileResult<void>> try_write_at(std::uint64_t, std::span<const Bytes>) override {
    return FileResult<void>(FileError::read_only);
  }
  Awaitable<FileResult<void>> set_attributes(const sftp::Attributes&) override { co_return FileError::read_only; }
  Awaitable<FileResult<sftp::FileSystemStatistics>> statistics() override {
    FileResult<sftp::FileSystemStatistics> statistics = co_await inner().statistics();
    co_return marked_read_only(std::move(statistics));
  }
};

class ReadOnlyDirectory final : public DirectoryWrapper {
 public:
  using DirectoryWrapper::DirectoryWrapper;

  Awaitable<FileResult<void>> set_attributes(const sftp::Attributes&) override { co_return FileError::read_only; }
};

}  // namespace

Awaitable<FileResult<sftp::Attributes>> ReadOnlyFileSystem::stat(std::string path) {
  return inner_->stat(std::move(path));
}

Awaitable<FileResult<sftp::Attributes>> ReadOnlyFileSystem::lstat(std::string path) {
  return inner_->lstat(std::move(path));
}

Awaitable<FileResult<std::unique_ptr<File>>> ReadOnlyFileSystem::open(std::string path, OpenMode mode,
                                                                      sftp::Attributes create) {
  // Also `create` alone, for it could make an empty file (CVE-2017-15906).
  if (mode.changes()) co_return FileError::read_only;
  FileResult<std::unique_ptr<File>> file = co_await inner_->open(std::move(path), mode, create);
  if (!file) co_return file.error();
  std::unique_ptr<File> wrapped = std::make_unique<ReadOnlyFile>(std::move(*file));
  co_return wrapped;
}

Awaitable<FileResult<std::unique_ptr<Directory>>> ReadOnlyFileSystem::open_directory(std::string path) {
  FileResult<std::unique_ptr<Directory>> directory = co_await inner_->open_directory(std::move(path));
  if (!directory) co_return directory.error();
  std::unique_ptr<Directory> wrapped = std::make_unique<ReadOnlyDirectory>(std::move(*directory));
  co_return wrapped;
}

Awaitable<FileResult<std::string>> ReadOnlyFileSystem::read_link(std::string path) {
  return inner_->read_link(std::move(path));
}

Awaitable<FileResult<std::string>> ReadOnlyFileSystem::real_path(std::string path) {
  return inner_->real_path(std::move(path));
}

Awaitable<FileResult<sftp::FileSystemStatistics>> ReadOnlyFileSystem::statistics(std::string path) {
  FileResult<sftp::FileSystemStatistics> statistics = co_await inner_->statistics(std::move(path));
  co_return marked_read_only(std::move(statistics));
}

Awaitable<FileResult<FileStatus>> ReadOnlyFileSystem::status(std::string path) {
  return inner_->status(std::move(path));
}

Awaitable<FileResult<std::shared_ptr<FileSystem>>> ReadOnlyFileSystem::subdirectory(std::string path) {
  FileResult<std::shared_ptr<FileSystem>> directory = co_await inner_->subdirectory(std::move(path));
  if (!directory) co_return directory.error();
  std::shared_ptr<FileSystem> wrapped = std::make_shared<ReadOnlyFileSystem>(std::move(*directory));
  co_return wrapped;
}

Awaitable<FileResult<void>> ReadOnlyFileSystem::make_directory(std::string, sftp::Attributes) {
  co_return FileError::read_only;
}
Awaitable<FileResult<void>> ReadOnlyFileSystem::remove_directory(std::string) { co_return FileError::read_only; }
Awaitable<FileResult<void>> ReadOnlyFileSystem::remove(std::string) { co_return FileError::read_only; }
Awaitable<FileResult<void>> ReadOnlyFileSystem::rename(std::string, std::string, bool) {
  co_return FileError::read_only;
}
Awaitable<FileResult<void>> ReadOnlyFileSystem::set_attributes(std::string, sftp::Attributes) {
  co_return FileError::read_only;
}
Awaitable<FileResult<void>> ReadOnlyFileSystem::set_link_attributes(std::string, sftp::Attributes) {
  co_return FileError::read_only;
}
Awaitable<FileResult<void>> ReadOnlyFileSystem::symlink(std::string, std::string) { co_return FileError::read_only; }
Awaitable<FileResult<void>> ReadOnlyFileSystem::hard_link(std::string, std::string) { co_return FileError::read_only; }

Features ReadOnlyFileSystem::features() const {
  Features features = inner_->features();
  features.read_only = true;
  return features;
}

}  // namespace hawser::server
