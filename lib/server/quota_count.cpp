// Counting what a file system holds when a quota is put on it.
#include <set>

#include "hawser/sftp/path.h"
#include "server/quota_ledger.h"

namespace hawser::server {
namespace {

constexpr std::size_t entries_at_once = 256;

class Counter {
 public:
  explicit Counter(FileSystem& files) : files_(files) {}

  Awaitable<FileResult<QuotaCount>> count() {
    // Also tells whether the file system knows files apart at all.
    const FileResult<FileStatus> root = co_await files_.status("/");
    if (!root) co_return root.error();
    while (!directories_.empty()) {
      const std::string path = std::move(directories_.back());
      directories_.pop_back();
      const FileResult<void> read = co_await read_directory(path);
      if (!read) co_return read.error();
    }
    co_return count_;
  }

 private:
  Awaitable<FileResult<void>> read_directory(std::string path) {
    const FileResult<std::unique_ptr<Directory>> directory = co_await files_.open_directory(path);
    if (!directory && directory.error() == FileError::not_found) co_return FileResult<void>();  // removed since
    if (!directory) co_return directory.error();
    while (true) {
      const FileResult<std::vector<DirectoryEntry>> entries = co_await (*directory)->next(entries_at_once);
      if (!entries) co_return entries.error();
      if (entries->empty()) co_return FileResult<void>();
      for (const DirectoryEntry& entry : *entries) {
        const FileResult<void> added = co_await add(sftp::join_path(path, entry.name), entry);
        if (!added) co_return added.error();
      }
    }
  }

  Awaitable<FileResult<void>> add(std::string path, const DirectoryEntry& entry) {
    if (sftp::is_directory(entry.attributes)) {
      directories_.push_back(path);
    } else if (entry.links > 1) {
      const FileResult<FileStatus> status = co_await files_.status(path);
      if (!status && status.error() != FileError::not_found) co_return status.error();
      // Another name has been counted already.
      if (!status || !seen_.insert(status->identity).second) co_return FileResult<void>();
    }
    ++count_.files;
    count_.bytes += counted_size(entry.attributes);
    co_return FileResult<void>();
  }

  FileSystem& files_;
  std::vector<std::string> directories_{"/"};  // still to be read
  std::set<FileIdentity> seen_;                // of files with several names
  QuotaCount count_;
};

}  // namespace

Awaitable<FileResult<QuotaCount>> count_all(FileSystem& files) {
  Counter counter(files);
  co_return co_await counter.count();
}

}  // namespace hawser::server
