#include "hawser/server/memory_file_system.h"

#include <algorithm>

#include "server/memory_file.h"
#include "server/memory_tree.h"

namespace hawser::server {
namespace {

namespace file_mode = sftp::file_mode;

constexpr std::size_t target_limit = 4095;  // that of Linux

FileResult<MemoryNodePtr> open_or_make(MemoryTree& tree, const MemoryNodePtr& root, const std::string& path,
                                       OpenMode mode, const sftp::Attributes& create) {
  const bool exclusive = mode.create && mode.exclusive;
  FileResult<MemoryLocation> at = tree.locate(root, path, !exclusive);
  if (!at) return mode.create && at.error() == FileError::not_found ? FileError::parent_missing : at.error();
  if (at->node && exclusive) return FileError::already_exists;
  if (at->node && at->node->type != file_mode::regular) return FileError::wrong_type;
  if (at->node) return at->node;
  if (!mode.create) return FileError::not_found;
  const std::uint32_t permissions = create.permissions.value_or(0666) & file_mode::permission_mask & ~tree.umask();
  return tree.make(*at, file_mode::regular | permissions);
}

// Whether `to` may be replaced by `from`, as rename(2) has it.
FileResult<void> check_replaceable(const MemoryNode& from, const MemoryNode& to) {
  if (from.is_directory() != to.is_directory()) return FileError::wrong_type;
  if (to.is_directory() && !to.entries.empty()) return FileError::not_empty;
  return {};
}

}  // namespace

MemoryFileSystem::MemoryFileSystem(MemoryOptions options)
    : tree_(std::make_shared<MemoryTree>(options)), root_(tree_->root()) {}
MemoryFileSystem::MemoryFileSystem(std::shared_ptr<MemoryTree> tree, std::shared_ptr<MemoryNode> root)
    : tree_(std::move(tree)), root_(std::move(root)) {}
MemoryFileSystem::~MemoryFileSystem() = default;

Awaitable<FileResult<sftp::Attributes>> MemoryFileSystem::stat(std::string path) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryNodePtr> node = tree_->find(root_, path, true);
  if (!node) co_return node.error();
  co_return MemoryTree::attributes_of(**node);
}

Awaitable<FileResult<sftp::Attributes>> MemoryFileSystem::lstat(std::string path) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryNodePtr> node = tree_->find(root_, path, false);
  if (!node) co_return node.error();
  co_return MemoryTree::attributes_of(**node);
}

Awaitable<FileResult<std::unique_ptr<File>>> MemoryFileSystem::open(std::string path, OpenMode mode,
                                                                    sftp::Attributes create) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryNodePtr> node = open_or_make(*tree_, root_, path, mode, create);
  if (!node) co_return node.error();
  if (mode.truncate) {
    sftp::Attributes empty;
    empty.size = 0;
    const FileResult<void> emptied = tree_->change(**node, empty);
    if (!emptied) co_return emptied.error();
  }
  std::unique_ptr<File> file = std::make_unique<MemoryFile>(tree_, *node, mode);
  co_return file;
}

Awaitable<FileResult<std::unique_ptr<Directory>>> MemoryFileSystem::open_directory(std::string path) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryNodePtr> node = tree_->find(root_, path, true);
  if (!node) co_return node.error();
  if (!(*node)->is_directory()) co_return FileError::wrong_type;
  std::unique_ptr<Directory> directory = std::make_unique<MemoryDirectory>(tree_, *node);
  co_return directory;
}

Awaitable<FileResult<void>> MemoryFileSystem::make_directory(std::string path, sftp::Attributes attributes) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryLocation> at = tree_->place_for(root_, path, false);
  if (!at) co_return at.error();
  const std::uint32_t permissions = attributes.permissions.value_or(0777) & file_mode::permission_mask;
  const FileResult<MemoryNodePtr> made = tree_->make(*at, file_mode::directory | (permissions & ~tree_->umask()));
  if (!made) co_return made.error();
  co_return FileResult<void>();
}

Awaitable<FileResult<void>> MemoryFileSystem::remove_directory(std::string path) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryLocation> at = tree_->locate(root_, path, false);
  if (!at) co_return at.error();
  if (at->is_root()) co_return FileError::remove_root;
  if (!at->node) co_return FileError::not_found;
  if (!at->node->is_directory()) co_return FileError::wrong_type;
  if (!at->node->entries.empty()) co_return FileError::not_empty;
  tree_->take_out(*at);
  co_return FileResult<void>();
}

Awaitable<FileResult<void>> MemoryFileSystem::remove(std::string path) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryLocation> at = tree_->locate(root_, path, false);
  if (!at) co_return at.error();
  if (at->is_root()) co_return FileError::remove_root;
  if (!at->node) co_return FileError::not_found;
  if (at->node->is_directory()) co_return FileError::wrong_type;
  tree_->take_out(*at);
  co_return FileResult<void>();
}

Awaitable<FileResult<void>> MemoryFileSystem::rename(std::string from, std::string to, bool replace) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryLocation> source = tree_->locate(root_, from, false);
  if (!source) co_return source.error();
  if (source->is_root()) co_return FileError::remove_root;
  if (!source->node) co_return FileError::not_found;
  const FileResult<MemoryLocation> target = tree_->locate(root_, to, false);
  if (!target) co_return target.error() == FileError::not_found ? FileError::parent_missing : target.error();
  if (target->node && !replace) co_return FileError::already_exists;
  if (target->is_root()) co_return FileError::already_exists;
  if (target->node == source->node) co_return FileResult<void>();  // as rename(2): both names stay
  // Into itself.
  if (std::find(target->parents.begin(), target->parents.end(), source->node) != target->parents.end()) {
    co_return FileError::wrong_type;
  }
  if (target->node) {
    const FileResult<void> replaceable = check_replaceable(*source->node, *target->node);
    if (!replaceable) co_return replaceable.error();
  }
  tree_->move(*source, *target);
  co_return FileResult<void>();
}

Awaitable<FileResult<void>> MemoryFileSystem::set_attributes(std::string path, sftp::Attributes attributes) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryNodePtr> node = tree_->find(root_, path, true);
  if (!node) co_return node.error();
  co_return tree_->change(**node, attributes);
}

Awaitable<FileResult<void>> MemoryFileSystem::set_link_attributes(std::string path, sftp::Attributes attributes) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryNodePtr> node = tree_->find(root_, path, false);
  if (!node) co_return node.error();
  if (attributes.size || ((*node)->is_symlink() && attributes.permissions)) co_return FileError::unsupported;
  co_return tree_->change(**node, attributes);
}

Awaitable<FileResult<std::string>> MemoryFileSystem::read_link(std::string path) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryNodePtr> node = tree_->find(root_, path, false);
  if (!node) co_return node.error();
  if (!(*node)->is_symlink()) co_return FileError::wrong_type;
  co_return (*node)->target;
}

Awaitable<FileResult<void>> MemoryFileSystem::symlink(std::string target, std::string link_path) {
  if (target.empty() || target.find('\0') != std::string::npos) co_return FileError::invalid_path;
  if (target.size() > target_limit) co_return FileError::name_too_long;
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryLocation> at = tree_->place_for(root_, link_path, false);
  if (!at) co_return at.error();
  const FileResult<MemoryNodePtr> made = tree_->make(*at, file_mode::symbolic_link | 0777, std::move(target));
  if (!made) co_return made.error();
  co_return FileResult<void>();
}

Awaitable<FileResult<void>> MemoryFileSystem::hard_link(std::string existing, std::string link_path) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryNodePtr> node = tree_->find(root_, existing, false);
  if (!node) co_return node.error();
  if ((*node)->is_directory()) co_return FileError::permission_denied;  // as link(2)
  const FileResult<MemoryLocation> at = tree_->place_for(root_, link_path, false);
  if (!at) co_return at.error();
  co_return tree_->add(*at, *node);
}

Awaitable<FileResult<std::string>> MemoryFileSystem::real_path(std::string path) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryLocation> at = tree_->locate(root_, path, true);
  if (!at) co_return at.error();
  if (at->is_root()) co_return std::string("/");
  std::string real;
  for (const std::string& name : at->names) real += '/' + name;
  co_return real + '/' + at->name;
}

Awaitable<FileResult<sftp::FileSystemStatistics>> MemoryFileSystem::statistics(std::string path) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryNodePtr> node = tree_->find(root_, path, true);
  if (!node) co_return node.error();
  co_return tree_->statistics();
}

Awaitable<FileResult<FileStatus>> MemoryFileSystem::status(std::string path) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryNodePtr> node = tree_->find(root_, path, false);
  if (!node) co_return node.error();
  co_return tree_->status_of(**node);
}

Awaitable<FileResult<std::shared_ptr<FileSystem>>> MemoryFileSystem::subdirectory(std::string path) {
  const std::unique_lock guard = tree_->lock();
  const FileResult<MemoryNodePtr> node = tree_->find(root_, path, true);
  if (!node) co_return node.error();
  if (!(*node)->is_directory()) co_return FileError::wrong_type;
  co_return std::shared_ptr<FileSystem>(new MemoryFileSystem(tree_, *node));
}

Features MemoryFileSystem::features() const {
  return {.read_only = false, .symlinks = true, .atomic_rename = true, .hard_links = true};
}

}  // namespace hawser::server
