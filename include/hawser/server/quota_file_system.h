// Limits how much is stored in another file system: bytes, and files if wanted.
//
//   FileResult<std::shared_ptr<QuotaFileSystem>> files =
//       QuotaFileSystem::create_now(local, {.bytes = 10ull << 30, .files = 100'000});
//
// What is there at the start is counted, and then every change that goes through the QuotaFileSystem: what it does not
// see (other programs in the same directory) it does not count. A file counts by its size, holes included, once however
// many names it has; a file that is removed counts until it is no longer open. Files, directories and links count 1
// each as `files`; the root does not.
//
// So that all can be counted again, directories are made with all rights for their owner, and do not lose them:
// permission_denied.
//
// What would pass the limit fails with FileError::no_space before anything is written. Clients see the limit as the
// size of the file system (statvfs@openssh.com).
//
// Thread-safe. Opening files and changing names wait for one another, and so do writes to one file. Reading from a file
// that is open waits for nothing.
#pragma once

#include "hawser/server/file_system.h"

namespace hawser::server {

struct QuotaOptions {
  std::uint64_t bytes = 0;  // 0: without limit
  std::uint64_t files = 0;  // 0: without limit
};

class QuotaLedger;
class QuotaRecord;

class QuotaFileSystem final : public FileSystem {
 public:
  // Counts first. Errors: unsupported where `inner` does not know files apart (FileSystem::status; its files must know
  // themselves too, File::status), and what reading its directories fails of.
  static Awaitable<FileResult<std::shared_ptr<QuotaFileSystem>>> create(std::shared_ptr<FileSystem> inner,
                                                                        QuotaOptions options);
  // The same for a program that is just starting: returns when all is counted.
  static FileResult<std::shared_ptr<QuotaFileSystem>> create_now(std::shared_ptr<FileSystem> inner,
                                                                 QuotaOptions options);

  std::uint64_t used_bytes() const;
  std::uint64_t used_files() const;

  Awaitable<FileResult<sftp::Attributes>> stat(std::string path) override;
  Awaitable<FileResult<sftp::Attributes>> lstat(std::string path) override;
  Awaitable<FileResult<std::unique_ptr<File>>> open(std::string path, OpenMode mode, sftp::Attributes create) override;
  Awaitable<FileResult<std::unique_ptr<Directory>>> open_directory(std::string path) override;
  Awaitable<FileResult<void>> make_directory(std::string path, sftp::Attributes attributes) override;
  Awaitable<FileResult<void>> remove_directory(std::string path) override;
  Awaitable<FileResult<void>> remove(std::string path) override;
  Awaitable<FileResult<void>> rename(std::string from, std::string to, bool replace) override;
  Awaitable<FileResult<void>> set_attributes(std::string path, sftp::Attributes attributes) override;
  Awaitable<FileResult<void>> set_link_attributes(std::string path, sftp::Attributes attributes) override;
  Awaitable<FileResult<std::string>> read_link(std::string path) override;
  Awaitable<FileResult<void>> symlink(std::string target, std::string link_path) override;
  Awaitable<FileResult<void>> hard_link(std::string existing, std::string link_path) override;
  Awaitable<FileResult<std::string>> real_path(std::string path) override;
  Awaitable<FileResult<sftp::FileSystemStatistics>> statistics(std::string path) override;
  Awaitable<FileResult<FileStatus>> status(std::string path) override;
  Awaitable<FileResult<std::shared_ptr<FileSystem>>> subdirectory(std::string path) override;  // with the same quota

  Features features() const override { return inner_->features(); }

 private:
  QuotaFileSystem(std::shared_ptr<FileSystem> inner, std::shared_ptr<QuotaLedger> ledger);

  Awaitable<FileResult<void>> resize(std::string path, sftp::Attributes attributes);
  // Permissions that a directory must not have.
  Awaitable<FileResult<void>> set_file_permissions(std::string path, sftp::Attributes attributes, bool follow);
  struct Found {
    std::string path;
    FileStatus status;
  };
  // What `path` is about; with `follow` it is no link. not_found: it would be made there.
  Awaitable<FileResult<Found>> find(std::string path, bool follow);
  Awaitable<std::shared_ptr<QuotaRecord>> record_of(const Found& found);
  Awaitable<std::shared_ptr<QuotaRecord>> record_of(File& file, const FileStatus& found);
  struct Opened {
    std::unique_ptr<File> file;
    std::shared_ptr<QuotaRecord> record;  // of a regular file
  };
  Awaitable<FileResult<Opened>> open_as_it_is(std::string path, OpenMode mode);
  Awaitable<FileResult<Opened>> make_or_empty(std::string path, OpenMode mode, sftp::Attributes create);
  // What becomes free when this name goes.
  struct Doomed {
    bool counts = false;                  // the last name of what it stands for
    std::shared_ptr<QuotaRecord> record;  // of a regular file
    FileIdentity identity;
  };
  Awaitable<Doomed> doom(std::string path);
  void removed(const Doomed& doomed);

  const std::shared_ptr<FileSystem> inner_;
  const std::shared_ptr<QuotaLedger> ledger_;
};

}  // namespace hawser::server
