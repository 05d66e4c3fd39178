#include "server/mount_directory.h"

namespace hawser::server {
namespace {

constexpr std::size_t spare_batches = 64;

}  // namespace

Awaitable<FileResult<std::vector<DirectoryEntry>>> MountDirectory::next(std::size_t count) {
  std::vector<DirectoryEntry> entries;
  while (next_ != node_.children.end() && entries.size() < count) {
    entries.push_back(co_await entry_of(next_->first, *next_->second));
    ++next_;
  }
  if (!entries.empty() || !beneath_) co_return entries;
  // A batch of nothing but hidden names is not the end. There can be no more such batches than names that are hidden,
  // but for some that come twice while the directory changes.
  const std::size_t batches = node_.children.size() + spare_batches;
  for (std::size_t i = 0; i < batches; ++i) {
    FileResult<std::vector<DirectoryEntry>> found = co_await beneath_->next(count);
    if (!found) co_return found;
    const bool at_end = found->empty();
    std::erase_if(*found, [this](const DirectoryEntry& entry) { return node_.children.contains(entry.name); });
    if (at_end || !found->empty()) co_return found;
  }
  co_return FileError::failed;
}

Awaitable<DirectoryEntry> MountDirectory::entry_of(std::string name, const MountNode& child) const {
  DirectoryEntry entry{std::move(name), table_.made_up_attributes(), 1};
  if (child.files) {
    // One that cannot tell is listed all the same.
    const FileResult<sftp::Attributes> known = co_await child.files->stat("/");
    if (known) entry.attributes = *known;
  }
  co_return entry;
}

}  // namespace hawser::server
