// A local directory into a remote one. Symbolic links are not followed: what is sent lies below `local`.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "client/file_group.h"
#include "hawser/sftp/path.h"

namespace hawser::client {
namespace {

// As in get_tree: a directory that waits holds its parent open, not itself.
struct FolderToPut {
  std::shared_ptr<LocalFile> parent;
  std::string name;
  std::string remote;
  std::size_t depth = 0;
};

SFTPResult<std::shared_ptr<LocalFile>> open_folder(const FolderToPut& waiting) {
  if (waiting.name.empty()) return waiting.parent;  // the source itself
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
  Result<LocalFile> folder = LocalFile::open(waiting.parent->fd(), waiting.name.c_str(), flags);
  if (!folder) return error_of_errno("opening a directory", waiting.name);
  return std::make_shared<LocalFile>(std::move(*folder));
}

SFTPResult<std::vector<std::string>> names_in(int directory) {
  DIR* const stream = ::fdopendir(::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (stream == nullptr) return error_of_errno("reading a directory", ".");
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(stream);
  return names;
}

// MKDIR of a directory that is there fails in many ways; what counts is that there is one.
Awaitable<SFTPResult<void>> ensure_directory(std::shared_ptr<SFTPClient> client, std::string path) {
  SFTPResult<void> made = co_await client->make_directory(path);
  if (made || !made.error().from_server()) co_return made;
  const SFTPResult<sftp::Attributes> there = co_await client->stat(path);
  if (there && sftp::is_directory(*there)) co_return SFTPResult<void>();
  co_return made;
}

Awaitable<SFTPResult<std::uint64_t>> store_one(std::shared_ptr<SFTPClient> client, std::shared_ptr<LocalFile> local,
                                               std::string remote, TransferOptions options) {
  SFTPResult<std::uint64_t> moved = co_await store(*client, *local, std::move(remote), std::move(options));
  co_return moved;
}

Awaitable<void> put_folder(std::shared_ptr<SFTPClient> client, FolderToPut folder, TreeOptions options,
                           std::shared_ptr<FileGroup> group, std::vector<FolderToPut>& folders) {
  const SFTPResult<std::shared_ptr<LocalFile>> local = open_folder(folder);
  if (!local) co_return group->fail(local.error());
  const SFTPResult<std::vector<std::string>> names = names_in((*local)->fd());
  if (!names) co_return group->fail(names.error());
  for (const std::string& name : *names) {
    const std::string remote = sftp::join_path(folder.remote, name);
    Result<LocalFile> opened = LocalFile::open((*local)->fd(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (!opened && errno != ELOOP && errno != ENXIO) co_return group->fail(error_of_errno("opening a file", name));
    struct stat status {};
    if (opened && ::fstat(opened->fd(), &status) != 0) co_return group->fail(error_of_errno("reading a file", name));
    if (opened && S_ISDIR(status.st_mode)) {
      if (folder.depth == options.depth_limit)
        co_return group->fail(Error(Errc::too_many_requests, "tree is too deep"));
      const SFTPResult<void> made = co_await ensure_directory(client, remote);
      if (!made) co_return group->fail(made.error());
      ++group->summary.directories;
      folders.push_back({*local, name, remote, folder.depth + 1});
    } else if (opened && S_ISREG(status.st_mode)) {
      co_await group->wait_for_room();
      if (group->failed()) co_return;
      group->spawn(store_one(client, std::make_shared<LocalFile>(std::move(*opened)), remote, options.transfer));
    } else {
      ++group->summary.skipped;
    }
  }
}

Awaitable<void> walk(std::shared_ptr<SFTPClient> client, FolderToPut top, TreeOptions options,
                     std::shared_ptr<FileGroup> group) {
  std::vector<FolderToPut> folders;
  folders.push_back(std::move(top));
  while (!folders.empty() && !group->failed()) {
    const FolderToPut folder = std::move(folders.back());
    folders.pop_back();
    co_await put_folder(client, folder, options, group, folders);
  }
}

}  // namespace

Awaitable<SFTPResult<TreeSummary>> SFTPClient::put_tree(std::string local, std::string remote, TreeOptions options) {
  Result<LocalFile> root = LocalFile::open(AT_FDCWD, local.c_str(), O_RDONLY | O_DIRECTORY);
  if (!root) co_return error_of_errno("opening a directory", local);
  options.transfer.offset = 0;

  const std::shared_ptr<SFTPClient> self = shared_from_this();
  const SFTPResult<void> made = co_await ensure_directory(self, remote);
  if (!made) co_return made.error();
  const auto group = std::make_shared<FileGroup>(executor(), options.files_in_flight);
  FolderToPut top{std::make_shared<LocalFile>(std::move(*root)), {}, remote, 0};
  Awaitable<void> walker = walk(self, std::move(top), std::move(options), group);
  SFTPResult<TreeSummary> done = co_await group->run(std::move(walker));
  co_return done;
}

}  // namespace hawser::client
