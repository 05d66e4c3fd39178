// A remote directory into a local one. The server chooses the names, so that each is one component and every local step
// starts from a directory that is held open and follows no symbolic link: nothing lands outside of the target.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "client/file_group.h"
#include "hawser/sftp/path.h"

namespace hawser::client {
namespace {

// A directory that waits for its turn: it holds its parent open, which it shares with its siblings, so that a wide tree
// needs no descriptor for each of them.
struct FolderToGet {
  std::string remote;
  std::shared_ptr<LocalFile> parent;
  std::string name;
  std::size_t depth = 0;
};

SFTPResult<std::shared_ptr<LocalFile>> open_folder(const FolderToGet& waiting) {
  if (waiting.name.empty()) return waiting.parent;  // the target itself
  const std::string& name = waiting.name;
  const int parent = waiting.parent->fd();
  if (::mkdirat(parent, name.c_str(), 0777) != 0 && errno != EEXIST) return error_of_errno("making a directory", name);
  Result<LocalFile> folder = LocalFile::open(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!folder) return error_of_errno("opening a directory", name);
  return std::make_shared<LocalFile>(std::move(*folder));
}

// What a name stands for is opened only where it is a regular file; O_NOFOLLOW refuses a link, O_NONBLOCK does not hang
// on a fifo.
SFTPResult<LocalFile> open_file(int parent, const std::string& name) {
  Result<LocalFile> file = LocalFile::open(parent, name.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0666);
  if (!file) return error_of_errno("opening a file", name);
  struct stat status {};
  if (::fstat(file->fd(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return SFTPError(Error(Errc::file_error, "not a regular file"), name + ": not a regular file");
  }
  return std::move(*file);
}

Awaitable<SFTPResult<std::uint64_t>> fetch_one(std::shared_ptr<SFTPClient> client, std::string remote,
                                               std::shared_ptr<LocalFile> parent, std::string name,
                                               TransferOptions options) {
  SFTPResult<LocalFile> local = open_file(parent->fd(), name);
  if (!local) co_return local.error();
  SFTPResult<std::uint64_t> moved = co_await fetch(*client, std::move(remote), *local, std::move(options));
  co_return moved;
}

// One directory: its files begin, its directories are added to `folders`.
Awaitable<void> get_folder(std::shared_ptr<SFTPClient> client, FolderToGet folder, TreeOptions options,
                           std::shared_ptr<FileGroup> group, std::vector<FolderToGet>& folders) {
  const SFTPResult<std::shared_ptr<LocalFile>> local = open_folder(folder);
  if (!local) co_return group->fail(local.error());
  SFTPResult<Directory> directory = co_await client->open_directory(folder.remote);
  if (!directory) co_return group->fail(directory.error());
  while (!group->failed()) {
    const SFTPResult<std::vector<DirectoryEntry>> entries = co_await directory->next();
    if (!entries) co_return group->fail(entries.error());
    if (entries->empty()) break;
    for (const DirectoryEntry& entry : *entries) {
      if (!sftp::valid_name(entry.name)) co_return group->fail(Error(Errc::bad_value, "name in a directory"));
      const std::string remote = sftp::join_path(folder.remote, entry.name);
      if (sftp::is_directory(entry.attributes)) {
        if (folder.depth == options.depth_limit)
          co_return group->fail(Error(Errc::too_many_requests, "tree is too deep"));
        ++group->summary.directories;
        folders.push_back({remote, *local, entry.name, folder.depth + 1});
      } else if (sftp::is_regular(entry.attributes)) {
        co_await group->wait_for_room();
        if (group->failed()) co_return;
        group->spawn(fetch_one(client, remote, *local, entry.name, options.transfer));
      } else {
        ++group->summary.skipped;
      }
    }
  }
}

Awaitable<void> walk(std::shared_ptr<SFTPClient> client, FolderToGet top, TreeOptions options,
                     std::shared_ptr<FileGroup> group) {
  std::vector<FolderToGet> folders;
  folders.push_back(std::move(top));
  while (!folders.empty() && !group->failed()) {
    const FolderToGet folder = std::move(folders.back());
    folders.pop_back();
    co_await get_folder(client, folder, options, group, folders);
  }
}

}  // namespace

Awaitable<SFTPResult<TreeSummary>> SFTPClient::get_tree(std::string remote, std::string local, TreeOptions options) {
  if (::mkdir(local.c_str(), 0777) != 0 && errno != EEXIST) co_return error_of_errno("making a directory", local);
  Result<LocalFile> root = LocalFile::open(AT_FDCWD, local.c_str(), O_RDONLY | O_DIRECTORY);
  if (!root) co_return error_of_errno("opening a directory", local);
  options.transfer.offset = 0;

  const std::shared_ptr<SFTPClient> self = shared_from_this();
  const auto group = std::make_shared<FileGroup>(executor(), options.files_in_flight);
  FolderToGet top{remote, std::make_shared<LocalFile>(std::move(*root)), {}, 0};
  Awaitable<void> walker = walk(self, std::move(top), std::move(options), group);
  SFTPResult<TreeSummary> done = co_await group->run(std::move(walker));
  co_return done;
}

}  // namespace hawser::client
