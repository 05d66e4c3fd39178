// Listings. No recursion enters a linked directory, so that a loop of links ends and nothing is seen twice.
#include "client/sftp_backend_state.h"
#include "hawser/client/glob.h"

namespace hawser::client {
namespace {

constexpr int unlimited = std::numeric_limits<int>::max();

int depth_of(const ListOptions& options) {
  if (options.max_depth && *options.max_depth < 0)
    throw std::invalid_argument("list_files: max_depth must not be negative");
  return options.max_depth.value_or(options.recursive ? unlimited : 0);
}

}  // namespace

std::vector<FileInfo> SFTPBackend::State::files_below(RemoteOperation& operation, const RemotePath& top, int depth) {
  struct Folder {
    RemotePath path;
    int depth_left;
  };
  std::vector<FileInfo> files;
  std::vector<Folder> folders{{top, depth}};
  while (!folders.empty()) {
    const Folder folder = folders.back();
    folders.pop_back();
    const std::optional<std::vector<Child>> found = children(operation, native(folder.path));
    if (!found) continue;
    for (const Child& child : *found) {
      const RemotePath path = folder.path / child.name;
      if (sftp::is_regular(child.attributes)) {
        files.push_back(file_info(path, child.attributes));
      } else if (sftp::is_directory(child.attributes) && !child.is_link && folder.depth_left > 0) {
        folders.push_back({path, folder.depth_left == unlimited ? unlimited : folder.depth_left - 1});
      }
    }
  }
  return files;
}

std::vector<FileInfo> SFTPBackend::list_files(std::string_view key, const ListOptions& options) {
  const int depth = depth_of(options);
  const RemotePath path = state_->path_of(key);
  std::vector<FileInfo> files =
      state_->perform(key, [&](RemoteOperation& operation) { return state_->files_below(operation, path, depth); });
  if (options.pattern)
    std::erase_if(files, [&](const FileInfo& file) { return !name_matches(*options.pattern, file.name); });
  return files;
}

std::vector<PathEntry> SFTPBackend::iter_children(std::string_view key) {
  const RemotePath folder = state_->path_of(key);
  return state_->perform(key, [&](RemoteOperation& operation) {
    std::vector<PathEntry> entries;
    const std::optional<std::vector<Child>> found = state_->children(operation, state_->native(folder));
    if (!found) return entries;
    for (const Child& child : *found) {
      const RemotePath path = folder / child.name;
      if (sftp::is_regular(child.attributes)) {
        entries.emplace_back(file_info(path, child.attributes));
      } else if (sftp::is_directory(child.attributes)) {
        entries.emplace_back(FolderEntry{path, child.name});
      }
    }
    return entries;
  });
}

std::vector<FolderEntry> SFTPBackend::list_folders(std::string_view key) {
  std::vector<FolderEntry> folders;
  for (PathEntry& entry : iter_children(key)) {
    if (FolderEntry* folder = std::get_if<FolderEntry>(&entry)) folders.push_back(std::move(*folder));
  }
  return folders;
}

FolderInfo SFTPBackend::get_folder_info(std::string_view key) {
  const RemotePath path = state_->path_of(key);
  return state_->perform(key, [&](RemoteOperation& operation) {
    if (!path.is_root()) {
      const std::optional<sftp::Attributes> there = operation.find(state_->native(path));
      if (!there) throw NotFound("there is no such folder", operation.subject());
      if (!sftp::is_directory(*there)) throw InvalidPath("it is no folder", operation.subject());
    }
    FolderInfo info{.path = path, .file_count = 0, .total_size = 0, .modified_at = {}, .extra = {}};
    for (const FileInfo& file : state_->files_below(operation, path, unlimited)) {
      ++info.file_count;
      info.total_size += file.size;
      info.modified_at = std::max(info.modified_at, file.modified_at);  // nothing is less than any time
    }
    return info;
  });
}

}  // namespace hawser::client
