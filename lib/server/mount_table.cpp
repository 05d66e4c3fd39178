#include "server/mount_table.h"

#include <chrono>

#include "hawser/sftp/path.h"
#include "server/path_components.h"

namespace hawser::server {
namespace {

namespace file_mode = sftp::file_mode;

constexpr std::uint32_t made_up_permissions = file_mode::directory | 0555;
constexpr std::uint64_t block = 4096;
constexpr std::uint64_t longest_name = 255;

std::vector<std::string> components_of(std::string_view path) {
  std::vector<std::string> stack;
  push_components(stack, path);
  return {stack.rbegin(), stack.rend()};
}

}  // namespace

std::string MountRoute::seen(const std::string& inner) const {
  if (inner == "/") return mounted_at.empty() ? "/" : mounted_at;
  return mounted_at + inner;
}

Result<void> MountTable::add(const Mount& mount) {
  if (!mount.files) return Error(Errc::invalid_argument, "a mount without a file system");
  if (!mount.path.starts_with('/') || !sftp::valid_path(mount.path)) {
    return Error(Errc::invalid_argument, "path of a mount");
  }
  MountNode* node = &root_;
  for (const std::string& name : components_of(sftp::clean_path(mount.path))) {
    std::unique_ptr<MountNode>& child = node->children[name];
    if (!child) child = std::make_unique<MountNode>();
    node = child.get();
  }
  if (node->files) return Error(Errc::invalid_argument, "two mounts at one path");
  node->files = mount.files;
  return {};
}

FileResult<MountRoute> MountTable::route(const std::string& path) const {
  if (path.find('\0') != std::string::npos) return FileError::invalid_path;
  if (!sftp::valid_path(path)) return FileError::name_too_long;
  MountRoute route;
  route.whole = sftp::clean_path(path);
  route.node = &root_;
  route.point = root_.files ? &root_ : nullptr;
  route.path = route.whole;
  std::size_t done = 0;  // bytes of `whole` up to `node`
  for (const std::string& name : components_of(route.whole)) {
    const auto child = route.node->children.find(name);
    if (child == route.node->children.end()) {
      route.node = nullptr;
      break;
    }
    route.node = child->second.get();
    done += 1 + name.size();
    if (!route.node->files) continue;
    route.point = route.node;
    route.mounted_at = route.whole.substr(0, done);
    route.path = done == route.whole.size() ? "/" : route.whole.substr(done);
  }
  return route;
}

FileResult<MountRoute> MountTable::route_for_new(const std::string& path) const {
  FileResult<MountRoute> at = route(path);
  if (!at) return at;
  if (at->node != nullptr) return FileError::already_exists;
  if (at->files() == nullptr) return creation_error(*at, FileError::parent_missing);
  return at;
}

FileError MountTable::creation_error(const MountRoute& route, FileError error) const {
  return error == FileError::parent_missing && parent_is_made_up(route) ? FileError::permission_denied : error;
}

bool MountTable::parent_is_made_up(const MountRoute& route) const {
  const MountNode* node = &root_;
  for (const std::string& name : components_of(sftp::parent_path(route.whole))) {
    const auto child = node->children.find(name);
    if (child == node->children.end()) return false;
    node = child->second.get();
  }
  return !node->files;
}

sftp::Attributes MountTable::made_up_attributes() const {
  sftp::Attributes attributes;
  attributes.size = 0;
  attributes.owner = sftp::Owner{};
  attributes.permissions = made_up_permissions;
  attributes.times = sftp::FileTimes{made_at_, made_at_};
  return attributes;
}

sftp::FileSystemStatistics MountTable::made_up_statistics() {
  sftp::FileSystemStatistics statistics;
  statistics.f_bsize = block;
  statistics.f_frsize = block;
  statistics.f_flag = sftp::FileSystemStatistics::read_only_flag;
  statistics.f_namemax = longest_name;
  return statistics;
}

std::uint32_t MountTable::now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return sftp::clamp_time(std::chrono::duration_cast<std::chrono::seconds>(since_1970).count());
}

}  // namespace hawser::server
