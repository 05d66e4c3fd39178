// The inodes and names of a MemoryFileSystem. A name and its inode are kept apart, so that an inode may have several
// names, or none while it is still open.
#pragma once

#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "hawser/server/memory_file_system.h"
#include "server/memory_content.h"

namespace hawser::server {

struct MemoryNode;
using MemoryNodePtr = std::shared_ptr<MemoryNode>;

struct MemoryNode {
  MemoryNode(std::uint32_t type_and_permissions, std::shared_ptr<Allowance> quota)
      : type(type_and_permissions & sftp::file_mode::type_mask),
        permissions(type_and_permissions),
        content(std::move(quota)) {}

  bool is_directory() const { return type == sftp::file_mode::directory; }
  bool is_symlink() const { return type == sftp::file_mode::symbolic_link; }

  const std::uint32_t type;  // file_mode bits
  std::string target;        // of a symbolic link; never changes

  // Guarded by the mutex of the tree: of a directory.
  std::map<std::string, MemoryNodePtr, std::less<>> entries;

  // Guarded by `mutex`, which is taken after that of the tree.
  mutable std::shared_mutex mutex;
  std::uint32_t permissions;  // with the type
  std::uint32_t links = 0;
  sftp::Owner owner;
  sftp::FileTimes times;
  MemoryContent content;
};

// Where a path leads: the entry `name` of the last of `parents`, with `node` if there is one. Without parents it is the
// root.
struct MemoryLocation {
  MemoryNode& parent() const { return *parents.back(); }
  bool is_root() const { return parents.empty(); }

  std::vector<MemoryNodePtr> parents;  // from the root on
  std::vector<std::string> names;      // of the parents, without the root
  std::string name;
  MemoryNodePtr node;
};

class MemoryTree {
 public:
  explicit MemoryTree(const MemoryOptions& options);
  ~MemoryTree();
  MemoryTree(const MemoryTree&) = delete;
  MemoryTree& operator=(const MemoryTree&) = delete;

  // All below need this lock, except `change` and `attributes_of`.
  std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }

  // `root` is where absolute paths begin and `..` ends: that of the tree, or a directory that is seen as one.
  // not_found: a component before the last is missing or no directory.
  FileResult<MemoryLocation> locate(const MemoryNodePtr& root, std::string_view path, bool follow_last) const;
  // The node there, or not_found.
  FileResult<MemoryNodePtr> find(const MemoryNodePtr& root, std::string_view path, bool follow_last) const;
  // For a name that is to be made: parent_missing, or already_exists.
  FileResult<MemoryLocation> place_for(const MemoryNodePtr& root, std::string_view path, bool follow_last) const;

  FileResult<MemoryNodePtr> make(const MemoryLocation& at, std::uint32_t type_and_permissions, std::string target = {});
  FileResult<void> add(const MemoryLocation& at, const MemoryNodePtr& node);
  void take_out(const MemoryLocation& at);
  void move(const MemoryLocation& from, const MemoryLocation& to);

  // Sets what is present, or fails before anything is set.
  FileResult<void> change(MemoryNode& node, const sftp::Attributes& attributes) const;
  static sftp::Attributes attributes_of(const MemoryNode& node, std::uint32_t* links = nullptr);

  FileStatus status_of(const MemoryNode& node) const;

  const MemoryNodePtr& root() const { return root_; }
  std::uint32_t now() const;
  std::uint32_t umask() const { return options_.umask; }
  sftp::FileSystemStatistics statistics() const;

 private:
  void link(MemoryNode& directory, const std::string& name, const MemoryNodePtr& node);
  void unlink(MemoryNode& directory, const std::string& name);

  const MemoryOptions options_;
  const std::shared_ptr<Allowance> quota_;
  std::mutex mutex_;
  const MemoryNodePtr root_;
};

}  // namespace hawser::server
