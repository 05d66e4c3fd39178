// A cursor over a directory with mount points in it: these first, then what the file system beneath has and they do not
// hide.
#pragma once

#include "server/mount_table.h"

namespace hawser::server {

class MountDirectory final : public Directory {
 public:
  // `beneath` may be null. `table` and `node` must outlive the cursor.
  MountDirectory(const MountTable& table, const MountNode& node, std::unique_ptr<Directory> beneath)
      : table_(table), node_(node), beneath_(std::move(beneath)), next_(node.children.begin()) {}

  Awaitable<FileResult<std::vector<DirectoryEntry>>> next(std::size_t count) override;

 private:
  Awaitable<DirectoryEntry> entry_of(std::string name, const MountNode& child) const;

  const MountTable& table_;
  const MountNode& node_;
  std::unique_ptr<Directory> beneath_;
  decltype(MountNode::children)::const_iterator next_;
};

}  // namespace hawser::server
