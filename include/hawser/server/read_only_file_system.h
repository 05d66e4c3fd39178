// A view of another file system that changes nothing in it: every call that would, and every open mode that could,
// fails with FileError::read_only and does not reach the file system behind it.
#pragma once

#include "hawser/server/file_system.h"

namespace hawser::server {

class ReadOnlyFileSystem final : public FileSystem {
 public:
  explicit ReadOnlyFileSystem(std::shared_ptr<FileSystem> inner) : inner_(std::move(inner)) {}

  Awaitable<FileResult<sftp::Attributes>> stat(std::string path) override;
  Awaitable<FileResult<sftp::Attributes>> lstat(std::string path) override;
  Awaitable<FileResult<std::unique_ptr<File>>> open(std::string path, OpenMode mode, sftp::Attributes create) override;
  Awaitable<FileResult<std::unique_ptr<Directory>>> open_directory(std::string path) override;
  Awaitable<FileResult<std::string>> read_link(std::string path) override;
  Awaitable<FileResult<std::string>> real_path(std::string path) override;
  Awaitable<FileResult<sftp::FileSystemStatistics>> statistics(std::string path) override;
  Awaitable<FileResult<FileStatus>> status(std::string path) override;
  Awaitable<FileResult<std::shared_ptr<FileSystem>>> subdirectory(std::string path) override;

  Awaitable<FileResult<void>> make_directory(std::string path, sftp::Attributes attributes) override;
  Awaitable<FileResult<void>> remove_directory(std::string path) override;
  Awaitable<FileResult<void>> remove(std::string path) override;
  Awaitable<FileResult<void>> rename(std::string from, std::string to, bool replace) override;
  Awaitable<FileResult<void>> set_attributes(std::string path, sftp::Attributes attributes) override;
  Awaitable<FileResult<void>> set_link_attributes(std::string path, sftp::Attributes attributes) override;
  Awaitable<FileResult<void>> symlink(std::string target, std::string link_path) override;
  Awaitable<FileResult<void>> hard_link(std::string existing, std::string link_path) override;

  Features features() const override;

 private:
  std::shared_ptr<FileSystem> inner_;
};

}  // namespace hawser::server
