// Counting what a file system holds when a quota is put on it.
#include <set>

#include "hawser/sftp/path.h"
#include "hawser/wire/limits.h"
#include "server/quota_ledger.h"

namespace hawser::server {
namespace {

constexpr std::size_t entries_to_count = 256;
// A directory with a longer path becomes the root of what is below it: by renaming, directories come to lie deeper than
// any path can say.
constexpr std::size_t longest_path = limits::path / 2;

class Counter {
 public:
  explicit Counter(std::shared_ptr<FileSystem> files) : files_(std::move(files)) {}

  Awaitable<FileResult<QuotaCount>> count() {
    // Also tells whether the file system knows files apart at all.
    const FileResult<FileStatus> root = co_await files_->status("/");
    if (!root) co_return root.error();
    unread_.push_back({files_, "/"});
    while (!unread_.empty()) {
      Place directory = std::move(unread_.back());
      unread_.pop_back();
      const FileResult<void> read = co_await read_directory(std::move(directory));
      // What has been removed since does not count.
      if (!read && read.error() != FileError::not_found) co_return read.error();
    }
    co_return count_;
  }

 private:
  struct Place {
    std::shared_ptr<FileSystem> root;
    std::string path;
  };

  Awaitable<FileResult<void>> read_directory(Place at) {
    if (at.path.size() > longest_path) {
      FileResult<std::shared_ptr<FileSystem>> root = co_await at.root->subdirectory(at.path);
      if (!root && root.error() != FileError::unsupported) co_return root.error();
      if (root) at = {std::move(*root), "/"};
    }
    const FileResult<std::unique_ptr<Directory>> directory = co_await at.root->open_directory(at.path);
    if (!directory) co_return directory.error();
    while (true) {
      const FileResult<std::vector<DirectoryEntry>> entries = co_await (*directory)->next(entries_to_count);
      if (!entries) co_return entries.error();
      if (entries->empty()) co_return FileResult<void>();
      for (const DirectoryEntry& entry : *entries) {
        Place place{at.root, sftp::join_path(at.path, entry.name)};
        const FileResult<void> added = co_await add(std::move(place), entry);
        if (!added && added.error() != FileError::not_found) co_return added.error();
      }
    }
  }

  Awaitable<FileResult<void>> add(Place at, const DirectoryEntry& entry) {
    sftp::Attributes attributes = entry.attributes;
    // More names, or a directory that can be read but not searched.
    if ((entry.links > 1 && !sftp::is_directory(attributes)) || !attributes.permissions) {
      const FileResult<FileStatus> status = co_await at.root->status(at.path);
      if (!status) co_return status.error();
      attributes = status->attributes;
      // Another name has been counted already.
      const bool several = status->links > 1 && !sftp::is_directory(attributes);
      if (several && !seen_.insert(status->identity).second) co_return FileResult<void>();
    }
    if (sftp::is_directory(attributes)) unread_.push_back(std::move(at));
    ++count_.files;
    count_.bytes += counted_size(attributes);
    co_return FileResult<void>();
  }

  const std::shared_ptr<FileSystem> files_;
  std::vector<Place> unread_;    // directories
  std::set<FileIdentity> seen_;  // of files with several names
  QuotaCount count_;
};

}  // namespace

Awaitable<FileResult<QuotaCount>> count_all(std::shared_ptr<FileSystem> files) {
  Counter counter(std::move(files));
  co_return co_await counter.count();
}

}  // namespace hawser::server
