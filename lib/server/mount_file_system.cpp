#include "hawser/server/mount_file_system.h"

#include <algorithm>

#include "hawser/sftp/path.h"
#include "server/mount_directory.h"
#include "server/mount_table.h"

namespace hawser::server {
namespace {

template <class Visit>
void each_mount(const MountNode& node, Visit visit) {
  if (node.files) visit(*node.files);
  for (const auto& [name, child] : node.children) each_mount(*child, visit);
}

}  // namespace

Result<std::shared_ptr<MountFileSystem>> MountFileSystem::create(const std::vector<Mount>& mounts) {
  auto table = std::make_unique<MountTable>();
  for (const Mount& mount : mounts) {
    if (const Result<void> added = table->add(mount); !added) return added.error();
  }
  return std::shared_ptr<MountFileSystem>(new MountFileSystem(std::move(table)));
}

MountFileSystem::MountFileSystem(std::unique_ptr<MountTable> table) : table_(std::move(table)) {}
MountFileSystem::~MountFileSystem() = default;

Awaitable<FileResult<sftp::Attributes>> MountFileSystem::attributes_of(MountRoute route, bool follow) {
  FileResult<sftp::Attributes> known = FileError::not_found;
  if (FileSystem* files = route.files()) {
    Awaitable<FileResult<sftp::Attributes>> asked = follow ? files->stat(route.path) : files->lstat(route.path);
    known = co_await std::move(asked);
  }
  // What a file system has beneath a made-up directory counts only if it is a directory too.
  if (route.is_made_up() && (!known || !sftp::is_directory(*known))) co_return table_->made_up_attributes();
  co_return known;
}

Awaitable<FileResult<sftp::Attributes>> MountFileSystem::stat(std::string path) {
  FileResult<MountRoute> at = table_->route(path);
  if (!at) co_return at.error();
  co_return co_await attributes_of(std::move(*at), true);
}

Awaitable<FileResult<sftp::Attributes>> MountFileSystem::lstat(std::string path) {
  FileResult<MountRoute> at = table_->route(path);
  if (!at) co_return at.error();
  co_return co_await attributes_of(std::move(*at), false);
}

Awaitable<FileResult<std::unique_ptr<File>>> MountFileSystem::open(std::string path, OpenMode mode,
                                                                   sftp::Attributes create) {
  const FileResult<MountRoute> at = table_->route(path);
  if (!at) co_return at.error();
  if (at->node != nullptr) co_return mode.create&& mode.exclusive ? FileError::already_exists : FileError::wrong_type;
  if (at->files() == nullptr) {
    co_return mode.create ? table_->creation_error(*at, FileError::parent_missing) : FileError::not_found;
  }
  FileResult<std::unique_ptr<File>> file = co_await at->files()->open(at->path, mode, create);
  if (!file) co_return table_->creation_error(*at, file.error());
  co_return file;
}

Awaitable<FileResult<std::unique_ptr<Directory>>> MountFileSystem::open_directory(std::string path) {
  const FileResult<MountRoute> at = table_->route(path);
  if (!at) co_return at.error();
  FileResult<std::unique_ptr<Directory>> beneath = FileError::not_found;
  if (at->files() != nullptr) beneath = co_await at->files()->open_directory(at->path);
  if (at->node == nullptr || (at->is_point() && at->node->children.empty())) co_return beneath;
  // Under a made-up directory there may be nothing of that name, or a file.
  const bool nothing =
      !beneath && (beneath.error() == FileError::not_found || beneath.error() == FileError::wrong_type);
  if (!beneath && (at->is_point() || !nothing)) co_return beneath;
  std::unique_ptr<Directory> directory =
      std::make_unique<MountDirectory>(*table_, *at->node, beneath ? std::move(*beneath) : nullptr);
  co_return directory;
}

Awaitable<FileResult<void>> MountFileSystem::make_directory(std::string path, sftp::Attributes attributes) {
  const FileResult<MountRoute> at = table_->route_for_new(path);
  if (!at) co_return at.error();
  const FileResult<void> made = co_await at->files()->make_directory(at->path, attributes);
  if (!made) co_return table_->creation_error(*at, made.error());
  co_return made;
}

Awaitable<FileResult<void>> MountFileSystem::remove_directory(std::string path) {
  const FileResult<MountRoute> at = table_->route(path);
  if (!at) co_return at.error();
  if (at->is_root()) co_return FileError::remove_root;
  if (at->node != nullptr) co_return FileError::busy;
  if (at->files() == nullptr) co_return FileError::not_found;
  co_return co_await at->files()->remove_directory(at->path);
}

Awaitable<FileResult<void>> MountFileSystem::remove(std::string path) {
  const FileResult<MountRoute> at = table_->route(path);
  if (!at) co_return at.error();
  if (at->is_root()) co_return FileError::remove_root;
  if (at->node != nullptr) co_return FileError::wrong_type;
  if (at->files() == nullptr) co_return FileError::not_found;
  co_return co_await at->files()->remove(at->path);
}

Awaitable<FileResult<void>> MountFileSystem::rename(std::string from, std::string to, bool replace) {
  const FileResult<MountRoute> source = table_->route(from);
  if (!source) co_return source.error();
  if (source->is_root()) co_return FileError::remove_root;
  if (source->node != nullptr) co_return FileError::busy;
  if (source->files() == nullptr) co_return FileError::not_found;
  const FileResult<MountRoute> target = table_->route_for_new(to);
  if (!target) {
    const bool point = replace && target.error() == FileError::already_exists && sftp::clean_path(to) != "/";
    co_return point ? FileError::busy : target.error();
  }
  if (source->point != target->point) {
    const FileResult<sftp::Attributes> there = co_await source->files()->lstat(source->path);
    co_return there ? FileError::cross_device : there.error();
  }
  const FileResult<void> renamed = co_await source->files()->rename(source->path, target->path, replace);
  if (!renamed) co_return table_->creation_error(*target, renamed.error());
  co_return renamed;
}

Awaitable<FileResult<void>> MountFileSystem::set_attributes(std::string path, sftp::Attributes attributes) {
  const FileResult<MountRoute> at = table_->route(path);
  if (!at) co_return at.error();
  if (at->is_made_up()) co_return attributes.size ? FileError::wrong_type : FileError::permission_denied;
  if (at->files() == nullptr) co_return FileError::not_found;
  co_return co_await at->files()->set_attributes(at->path, attributes);
}

Awaitable<FileResult<void>> MountFileSystem::set_link_attributes(std::string path, sftp::Attributes attributes) {
  const FileResult<MountRoute> at = table_->route(path);
  if (!at) co_return at.error();
  if (at->is_made_up()) co_return FileError::permission_denied;
  if (at->files() == nullptr) co_return FileError::not_found;
  co_return co_await at->files()->set_link_attributes(at->path, attributes);
}

Awaitable<FileResult<std::string>> MountFileSystem::read_link(std::string path) {
  const FileResult<MountRoute> at = table_->route(path);
  if (!at) co_return at.error();
  if (at->node != nullptr) co_return FileError::wrong_type;
  if (at->files() == nullptr) co_return FileError::not_found;
  co_return co_await at->files()->read_link(at->path);
}

Awaitable<FileResult<void>> MountFileSystem::symlink(std::string target, std::string link_path) {
  const FileResult<MountRoute> at = table_->route_for_new(link_path);
  if (!at) co_return at.error();
  const FileResult<void> made = co_await at->files()->symlink(std::move(target), at->path);
  if (!made) co_return table_->creation_error(*at, made.error());
  co_return made;
}

Awaitable<FileResult<void>> MountFileSystem::hard_link(std::string existing, std::string link_path) {
  const FileResult<MountRoute> source = table_->route(existing);
  if (!source) co_return source.error();
  if (source->node != nullptr) co_return FileError::permission_denied;  // a directory, as link(2)
  if (source->files() == nullptr) co_return FileError::not_found;
  const FileResult<MountRoute> target = table_->route_for_new(link_path);
  if (!target) co_return target.error();
  if (source->point != target->point) {
    const FileResult<sftp::Attributes> there = co_await source->files()->lstat(source->path);
    co_return there ? FileError::cross_device : there.error();
  }
  const FileResult<void> made = co_await source->files()->hard_link(source->path, target->path);
  if (!made) co_return table_->creation_error(*target, made.error());
  co_return made;
}

Awaitable<FileResult<std::string>> MountFileSystem::real_path(std::string path) {
  const FileResult<MountRoute> at = table_->route(path);
  if (!at) co_return at.error();
  if (at->is_made_up()) co_return at->whole;
  if (at->files() == nullptr) {
    if (!table_->parent_is_made_up(*at)) co_return FileError::not_found;
    co_return at->whole;  // the last component may be missing
  }
  const FileResult<std::string> real = co_await at->files()->real_path(at->path);
  if (!real) co_return real.error();
  co_return at->seen(*real);
}

Awaitable<FileResult<sftp::FileSystemStatistics>> MountFileSystem::statistics(std::string path) {
  const FileResult<MountRoute> at = table_->route(path);
  if (!at) co_return at.error();
  FileResult<sftp::FileSystemStatistics> known = FileError::not_found;
  if (at->files() != nullptr) known = co_await at->files()->statistics(at->path);
  if (!known && at->is_made_up()) co_return MountTable::made_up_statistics();
  co_return known;
}

Awaitable<FileResult<FileStatus>> MountFileSystem::status(std::string path) {
  const FileResult<MountRoute> at = table_->route(path);
  if (!at) co_return at.error();
  if (at->is_made_up()) {
    const FileIdentity identity{reinterpret_cast<std::uintptr_t>(table_.get()),
                                reinterpret_cast<std::uintptr_t>(at->node)};
    co_return FileStatus{table_->made_up_attributes(), 2, identity};
  }
  if (at->files() == nullptr) co_return FileError::not_found;
  co_return co_await at->files()->status(at->path);
}

Awaitable<FileResult<std::shared_ptr<FileSystem>>> MountFileSystem::subdirectory(std::string path) {
  const FileResult<MountRoute> at = table_->route(path);
  if (!at) co_return at.error();
  if (at->node != nullptr && !at->node->children.empty()) co_return FileError::unsupported;
  if (at->files() == nullptr) co_return FileError::not_found;
  co_return co_await at->files()->subdirectory(at->path);
}

Features MountFileSystem::features() const {
  Features all{.read_only = true, .symlinks = false, .atomic_rename = true, .hard_links = false};
  each_mount(table_->root(), [&all](const FileSystem& files) {
    const Features one = files.features();
    all.read_only = all.read_only && one.read_only;
    all.symlinks = all.symlinks || one.symlinks;
    all.atomic_rename = all.atomic_rename && one.atomic_rename;
    all.hard_links = all.hard_links || one.hard_links;
  });
  return all;
}

}  // namespace hawser::server
