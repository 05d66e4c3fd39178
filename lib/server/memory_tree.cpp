#include "server/memory_tree.h"

#include <chrono>

#include "hawser/wire/limits.h"
#include "server/path_components.h"

namespace hawser::server {
namespace {

namespace file_mode = sftp::file_mode;

constexpr std::size_t component_limit = 255;           // NAME_MAX
constexpr std::uint32_t links_of_empty_directory = 2;  // its name and its "."
constexpr std::uint64_t name_cost = 1024;              // what an entry and its inode count for

std::uint64_t cost_of(const MemoryNode& node) { return name_cost + node.target.size(); }

// Up by one from the location of a directory; the root is above itself.
void go_up(MemoryLocation& at) {
  if (at.is_root()) return;
  at.node = std::move(at.parents.back());
  at.parents.pop_back();
  at.name.clear();
  if (!at.names.empty()) {
    at.name = std::move(at.names.back());
    at.names.pop_back();
  }
}

void go_down(MemoryLocation& at, std::string name) {
  if (!at.is_root()) at.names.push_back(std::move(at.name));
  const auto entry = at.node->entries.find(name);
  MemoryNodePtr child = entry == at.node->entries.end() ? nullptr : entry->second;
  at.parents.push_back(std::move(at.node));
  at.node = std::move(child);
  at.name = std::move(name);
}

}  // namespace

MemoryTree::MemoryTree(const MemoryOptions& options)
    : options_(options),
      quota_(std::make_shared<Allowance>(options.quota)),
      root_(std::make_shared<MemoryNode>(file_mode::directory | 0755, quota_)) {
  root_->links = links_of_empty_directory;
  root_->owner = options_.owner;
  root_->times = {now(), now()};
}

MemoryTree::~MemoryTree() {
  // Not by recursion: directories may be nested deeper than the stack is.
  std::vector<MemoryNodePtr> nodes{root_};
  while (!nodes.empty()) {
    const MemoryNodePtr node = std::move(nodes.back());
    nodes.pop_back();
    for (auto& [name, child] : node->entries) nodes.push_back(std::move(child));
    node->entries.clear();
  }
}

FileResult<MemoryLocation> MemoryTree::locate(const MemoryNodePtr& root, std::string_view path,
                                              bool follow_last) const {
  if (path.find('\0') != std::string_view::npos) return FileError::invalid_path;
  if (path.size() > limits::path) return FileError::name_too_long;
  MemoryLocation at;
  at.node = root;
  std::vector<std::string> rest;
  push_components(rest, path);
  // A directory that has been removed holds nothing any more, as with rmdir(2).
  if (root->links < links_of_empty_directory && !rest.empty()) return FileError::not_found;
  int links = 0;
  for (int steps = 0; !rest.empty(); ++steps) {
    if (steps == step_limit) return FileError::loop;
    std::string name = std::move(rest.back());
    rest.pop_back();
    if (!at.node || !at.node->is_directory()) return FileError::not_found;
    if (name.size() > component_limit) return FileError::name_too_long;
    if (name == "..") {
      go_up(at);
      continue;
    }
    go_down(at, std::move(name));
    if (!at.node || !at.node->is_symlink() || (rest.empty() && !follow_last)) continue;
    if (++links > link_limit) return FileError::loop;
    const std::string& target = at.node->target;
    push_components(rest, target);
    if (target.front() == '/') {
      at = MemoryLocation();
      at.node = root;
    } else {
      go_up(at);
    }
  }
  return at;
}

FileResult<MemoryNodePtr> MemoryTree::find(const MemoryNodePtr& root, std::string_view path, bool follow_last) const {
  const FileResult<MemoryLocation> at = locate(root, path, follow_last);
  if (!at) return at.error();
  if (!at->node) return FileError::not_found;
  return at->node;
}

FileResult<MemoryLocation> MemoryTree::place_for(const MemoryNodePtr& root, std::string_view path,
                                                 bool follow_last) const {
  FileResult<MemoryLocation> at = locate(root, path, follow_last);
  if (!at) return at.error() == FileError::not_found ? FileError::parent_missing : at.error();
  if (at->node) return FileError::already_exists;
  return at;
}

FileResult<MemoryNodePtr> MemoryTree::make(const MemoryLocation& at, std::uint32_t type_and_permissions,
                                           std::string target) {
  auto node = std::make_shared<MemoryNode>(type_and_permissions, quota_);
  node->target = std::move(target);
  node->links = node->is_directory() ? 1 : 0;  // "."
  node->owner = options_.owner;
  node->times = {now(), now()};
  const FileResult<void> added = add(at, node);
  if (!added) return added.error();
  return node;
}

FileResult<void> MemoryTree::add(const MemoryLocation& at, const MemoryNodePtr& node) {
  Claim claim(*quota_, cost_of(*node));
  if (!claim) return FileError::no_space;
  link(at.parent(), at.name, node);
  claim.keep();
  return {};
}

void MemoryTree::take_out(const MemoryLocation& at) {
  quota_->give_back(cost_of(*at.node));
  unlink(at.parent(), at.name);
}

void MemoryTree::move(const MemoryLocation& from, const MemoryLocation& to) {
  if (to.node) take_out(to);
  const MemoryNodePtr node = from.node;
  unlink(from.parent(), from.name);
  link(to.parent(), to.name, node);
}

void MemoryTree::link(MemoryNode& directory, const std::string& name, const MemoryNodePtr& node) {
  directory.entries.emplace(name, node);
  {
    const std::unique_lock guard(node->mutex);
    ++node->links;
  }
  const std::unique_lock guard(directory.mutex);
  if (node->is_directory()) ++directory.links;  // its ".."
  directory.times.mtime = now();
}

void MemoryTree::unlink(MemoryNode& directory, const std::string& name) {
  const auto entry = directory.entries.find(name);
  const MemoryNodePtr node = std::move(entry->second);
  directory.entries.erase(entry);
  {
    const std::unique_lock guard(node->mutex);
    --node->links;
  }
  const std::unique_lock guard(directory.mutex);
  if (node->is_directory()) --directory.links;
  directory.times.mtime = now();
}

FileResult<void> MemoryTree::change(MemoryNode& node, const sftp::Attributes& attributes) const {
  const std::unique_lock guard(node.mutex);
  if (attributes.size) {
    if (node.type != file_mode::regular) return FileError::wrong_type;
    if (!node.content.resize(*attributes.size)) return FileError::no_space;
    node.times.mtime = now();
  }
  if (attributes.owner) node.owner = *attributes.owner;
  if (attributes.permissions) node.permissions = node.type | (*attributes.permissions & file_mode::permission_mask);
  if (attributes.times) node.times = *attributes.times;
  return {};
}

sftp::Attributes MemoryTree::attributes_of(const MemoryNode& node, std::uint32_t* links) {
  const std::shared_lock guard(node.mutex);
  sftp::Attributes attributes;
  attributes.size = node.is_symlink() ? node.target.size() : node.content.size();
  attributes.owner = node.owner;
  attributes.permissions = node.permissions;
  attributes.times = node.times;
  if (links != nullptr) *links = node.links;
  return attributes;
}

FileStatus MemoryTree::status_of(const MemoryNode& node) const {
  FileStatus status;
  status.attributes = attributes_of(node, &status.links);
  // No two things have one address while they live.
  status.identity = {reinterpret_cast<std::uintptr_t>(this), reinterpret_cast<std::uintptr_t>(&node)};
  return status;
}

std::uint32_t MemoryTree::now() const {
  if (options_.now != nullptr) return sftp::clamp_time(options_.now());
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return sftp::clamp_time(std::chrono::duration_cast<std::chrono::seconds>(since_1970).count());
}

sftp::FileSystemStatistics MemoryTree::statistics() const {
  constexpr std::uint64_t block = MemoryContent::first_block;
  constexpr std::uint64_t without_quota = std::uint64_t{1} << 40;
  const std::uint64_t total = quota_->limit() == 0 ? without_quota : quota_->limit();
  const std::uint64_t used = std::min(quota_->used(), total);
  sftp::FileSystemStatistics statistics;
  statistics.f_bsize = block;
  statistics.f_frsize = block;
  statistics.f_blocks = total / block;
  statistics.f_bfree = (total - used) / block;
  statistics.f_bavail = statistics.f_bfree;
  statistics.f_files = total / name_cost;
  statistics.f_ffree = (total - used) / name_cost;
  statistics.f_favail = statistics.f_ffree;
  statistics.f_namemax = component_limit;
  return statistics;
}

}  // namespace hawser::server
