#include "client/sftp_backend_state.h"

namespace hawser::client {

void SFTPBackend::delete_(std::string_view key, bool missing_ok) {
  const std::string path = state_->native(state_->file_path(key));
  state_->perform(key, [&](RemoteOperation& operation) {
    const std::optional<sftp::Attributes> there = operation.find_link(path);
    if (there && sftp::is_directory(*there)) throw InvalidPath("it is a folder", operation.subject());
    if (!there && missing_ok) return;
    if (!there) throw NotFound("there is no such file", operation.subject());
    const SFTPResult<void> removed = operation.remove(path);
    // Somebody else was faster.
    if (!removed && missing_ok && is_missing(removed.error())) return;
    operation.need(removed);
  });
}

void SFTPBackend::delete_folder(std::string_view key, bool recursive, bool missing_ok) {
  const RemotePath folder = state_->file_path(key);  // the root stays
  const std::string path = state_->native(folder);
  state_->perform(key, [&](RemoteOperation& operation) {
    const std::optional<sftp::Attributes> there = operation.find_link(path);
    if (there && !sftp::is_directory(*there)) throw InvalidPath("it is no folder", operation.subject());
    if (!there && missing_ok) return;
    if (!there) throw NotFound("there is no such folder", operation.subject());
    if (recursive) return state_->remove_tree(operation, path);
    const SFTPResult<void> removed = operation.remove_directory(path);
    if (!removed && is_unspecific(removed.error())) {
      const std::optional<std::vector<DirectoryEntry>> entries = operation.list(path);
      if (entries && !entries->empty()) throw DirectoryNotEmpty("the folder is not empty", operation.subject());
    }
    operation.need(removed);
  });
}

// The files of each folder on the way down, the folders on the way up. Links are removed, never entered.
void SFTPBackend::State::remove_tree(RemoteOperation& operation, const std::string& top) {
  std::vector<std::string> folders{top};
  for (std::size_t next = 0; next < folders.size(); ++next) {
    const std::string folder = folders[next];
    const std::optional<std::vector<DirectoryEntry>> entries = operation.list(folder);
    if (!entries) continue;
    std::vector<std::string> files;
    for (const DirectoryEntry& entry : *entries) {
      const std::string path = folder + "/" + entry.name;
      std::optional<sftp::Attributes> attributes = entry.attributes;
      // A server need not tell the type in a listing.
      if (sftp::type_of(*attributes) == 0) attributes = operation.find_link(path);
      if (attributes) (sftp::is_directory(*attributes) ? folders : files).push_back(path);
    }
    operation.need(operation.remove_all(files));
  }
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
    const SFTPResult<void> removed = operation.remove_directory(*folder);
    if (!removed && !is_missing(removed.error())) operation.need(removed);
  }
}

}  // namespace hawser::client
