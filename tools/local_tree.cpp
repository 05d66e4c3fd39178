#include "local_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "connect.h"
#include "hawser/sftp/path.h"
#include "printable.h"

namespace hawser::tools {
namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

Failure failure_of(const std::string& shown) {
  return {operation_failed, printable(shown) + ": " + std::generic_category().message(errno)};
}

sftp::Attributes attributes_of(const struct stat& status) {
  sftp::Attributes attributes;
  attributes.size = static_cast<std::uint64_t>(status.st_size);
  attributes.permissions = status.st_mode;
  attributes.owner = sftp::Owner{status.st_uid, status.st_gid};
  attributes.times = sftp::FileTimes{sftp::clamp_time(status.st_atim.tv_sec), sftp::clamp_time(status.st_mtim.tv_sec)};
  return attributes;
}

std::shared_ptr<LocalDescriptor> open_folder(int parent, const char* name) {
  const int fd = ::openat(parent, name, folder_flags | O_NOFOLLOW);
  return fd < 0 ? nullptr : std::make_shared<LocalDescriptor>(fd);
}

std::vector<std::string> names_in(int fd) {
  std::vector<std::string> names;
  const int own = ::openat(fd, ".", folder_flags);
  DIR* const stream = own < 0 ? nullptr : ::fdopendir(own);
  if (stream == nullptr) return names;
  while (const dirent* entry = ::readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(stream);
  std::ranges::sort(names);
  return names;
}

void list_into(Tree& tree, int fd, const std::string& prefix, std::size_t depth) {
  for (const std::string& name : names_in(fd)) {
    const std::string path = prefix.empty() ? name : prefix + "/" + name;
    struct stat status {};
    if (::fstatat(fd, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      tree.problems.push_back(failure_of(path).text);
      continue;
    }
    tree.items.push_back({path, attributes_of(status)});
    if (!S_ISDIR(status.st_mode)) continue;
    const std::shared_ptr<LocalDescriptor> below = open_folder(fd, name.c_str());
    if (!below) {
      tree.problems.push_back(failure_of(path).text);
    } else if (depth == tree_depth_limit) {
      tree.problems.push_back(printable(path) + ": too deep");
    } else {
      list_into(tree, below->fd(), path, depth + 1);
    }
  }
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

LocalDescriptor::~LocalDescriptor() { ::close(fd_); }

LocalTree::LocalTree(std::string path, bool make) : path_(std::move(path)) {
  if (make && ::mkdir(path_.c_str(), 0777) != 0 && errno != EEXIST) throw failure_of(path_);
  const int fd = ::open(path_.c_str(), folder_flags);
  if (fd < 0) throw failure_of(path_);
  root_ = std::make_shared<LocalDescriptor>(fd);
}

Tree LocalTree::list() const {
  Tree tree;
  list_into(tree, root_->fd(), "", 0);
  return tree;
}

std::shared_ptr<LocalDescriptor> LocalTree::folder(const std::string& path) {
  if (path.empty()) return root_;
  if (last_ && path == last_path_) return last_;
  std::shared_ptr<LocalDescriptor> at = root_;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string name = path.substr(begin, end - begin);
    if (!sftp::valid_name(name)) throw Failure{operation_failed, printable(path) + ": a name that leads elsewhere"};
    at = open_folder(at->fd(), name.c_str());
    if (!at) throw failure_of(shown(path));
    begin = end + 1;
  }
  last_path_ = path;
  last_ = at;
  return at;
}

void LocalTree::make_directory(const std::string& path) {
  const std::string name = name_of(path);
  if (!sftp::valid_name(name)) throw Failure{operation_failed, printable(path) + ": a name that leads elsewhere"};
  const std::shared_ptr<LocalDescriptor> parent = folder(parent_of(path));
  if (::mkdirat(parent->fd(), name.c_str(), 0777) == 0) return;
  if (errno != EEXIST || !open_folder(parent->fd(), name.c_str())) throw failure_of(shown(path));
}

void LocalTree::remove(const TreeItem& item) {
  const std::shared_ptr<LocalDescriptor> parent = folder(parent_of(item.path));
  const int flags = sftp::is_directory(item.attributes) ? AT_REMOVEDIR : 0;
  last_.reset();
  if (::unlinkat(parent->fd(), name_of(item.path).c_str(), flags) != 0) throw failure_of(shown(item.path));
}

void LocalTree::set_attributes(const std::string& path, const sftp::Attributes& attributes) {
  const std::shared_ptr<LocalDescriptor> at = folder(path);
  if (attributes.permissions) ::fchmod(at->fd(), *attributes.permissions & sftp::file_mode::rights_mask);
  if (!attributes.times) return;
  const std::array<timespec, 2> times{timespec{static_cast<time_t>(attributes.times->atime), 0},
                                      timespec{static_cast<time_t>(attributes.times->mtime), 0}};
  ::futimens(at->fd(), times.data());
}

std::string LocalTree::shown(const std::string& path) const { return path_ + (path_.ends_with('/') ? "" : "/") + path; }

}  // namespace hawser::tools
