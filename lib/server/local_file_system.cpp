#include "hawser/server/local_file_system.h"

#include "server/local_attributes.h"
#include "server/local_context.h"
#include "server/local_directory.h"
#include "server/local_file.h"
#include "server/local_operations.h"
#include "server/local_system_calls.h"

namespace hawser::server {
namespace {

Lookup lookup_for(int root, const LocalOptions& options) {
  if (!options.jail) return Lookup::whole_system;
  return options.force_fallback || !open_in_root_works(root) ? Lookup::by_component : Lookup::in_root;
}

}  // namespace

Result<std::shared_ptr<LocalFileSystem>> LocalFileSystem::open(const std::string& root, LocalOptions options) {
  if (!options.jail && root != "/") return Error(Errc::invalid_argument, "root without a jail");
  Descriptor directory(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return Error(Errc::file_error, "root directory");
  return adopt(std::move(directory), std::move(options));
}

std::shared_ptr<LocalFileSystem> LocalFileSystem::adopt(Descriptor directory, LocalOptions options) {
  if (!options.threads) options.threads = std::make_shared<FileThreads>();
  const Lookup lookup = lookup_for(directory.get(), options);
  auto context = std::make_shared<LocalContext>(PathResolver(std::move(directory), lookup), std::move(options));
  return std::shared_ptr<LocalFileSystem>(new LocalFileSystem(std::move(context)));
}

LocalFileSystem::~LocalFileSystem() = default;

template <class Work>
Awaitable<std::invoke_result_t<Work&>> LocalFileSystem::perform(Work work) {
  return server::perform(context_->policy, *context_->options.threads, std::move(work));
}

template <class Work>
Awaitable<FileResult<void>> LocalFileSystem::perform_change(Work work) {
  return perform([this, work = std::move(work)]() -> FileResult<void> {
    if (context_->options.read_only) return FileError::read_only;
    return work();
  });
}

Awaitable<FileResult<sftp::Attributes>> LocalFileSystem::stat(std::string path) {
  return perform([this, path = std::move(path)] { return local::stat(*context_, path); });
}

Awaitable<FileResult<sftp::Attributes>> LocalFileSystem::lstat(std::string path) {
  return perform([this, path = std::move(path)] { return local::lstat(*context_, path); });
}

Awaitable<FileResult<std::unique_ptr<File>>> LocalFileSystem::open(std::string path, OpenMode mode,
                                                                   sftp::Attributes create) {
  return perform([this, path = std::move(path), mode, create]() -> FileResult<std::unique_ptr<File>> {
    FileResult<Descriptor> opened = local::open(*context_, path, mode, create);
    if (!opened) return opened.error();
    return std::unique_ptr<File>(std::make_unique<LocalFile>(context_, std::move(*opened), mode));
  });
}

Awaitable<FileResult<std::unique_ptr<Directory>>> LocalFileSystem::open_directory(std::string path) {
  return perform([this, path = std::move(path)]() -> FileResult<std::unique_ptr<Directory>> {
    FileResult<Descriptor> opened = local::open_directory(*context_, path);
    if (!opened) return opened.error();
    return LocalDirectory::open(context_, std::move(*opened));
  });
}

Awaitable<FileResult<void>> LocalFileSystem::make_directory(std::string path, sftp::Attributes attributes) {
  return perform_change(
      [this, path = std::move(path), attributes] { return local::make_directory(*context_, path, attributes); });
}

Awaitable<FileResult<void>> LocalFileSystem::remove_directory(std::string path) {
  return perform_change([this, path = std::move(path)] { return local::remove_directory(*context_, path); });
}

Awaitable<FileResult<void>> LocalFileSystem::remove(std::string path) {
  return perform_change([this, path = std::move(path)] { return local::remove(*context_, path); });
}

Awaitable<FileResult<void>> LocalFileSystem::rename(std::string from, std::string to, bool replace) {
  return perform_change([this, from = std::move(from), to = std::move(to), replace] {
    return local::rename(*context_, from, to, replace);
  });
}

Awaitable<FileResult<void>> LocalFileSystem::set_attributes(std::string path, sftp::Attributes attributes) {
  return perform_change(
      [this, path = std::move(path), attributes] { return local::set_attributes(*context_, path, attributes); });
}

Awaitable<FileResult<void>> LocalFileSystem::set_link_attributes(std::string path, sftp::Attributes attributes) {
  return perform_change(
      [this, path = std::move(path), attributes] { return local::set_link_attributes(*context_, path, attributes); });
}

Awaitable<FileResult<std::string>> LocalFileSystem::read_link(std::string path) {
  return perform([this, path = std::move(path)] { return local::read_link(*context_, path); });
}

Awaitable<FileResult<void>> LocalFileSystem::symlink(std::string target, std::string link_path) {
  return perform_change([this, target = std::move(target), link_path = std::move(link_path)] {
    return local::symlink(*context_, target, link_path);
  });
}

Awaitable<FileResult<void>> LocalFileSystem::hard_link(std::string existing, std::string link_path) {
  return perform_change([this, existing = std::move(existing), link_path = std::move(link_path)] {
    return local::hard_link(*context_, existing, link_path);
  });
}

Awaitable<FileResult<std::string>> LocalFileSystem::real_path(std::string path) {
  return perform([this, path = std::move(path)] { return context_->resolver.real_path(path); });
}

Awaitable<FileResult<sftp::FileSystemStatistics>> LocalFileSystem::statistics(std::string path) {
  return perform([this, path = std::move(path)] { return local::statistics(*context_, path); });
}

Awaitable<FileResult<FileStatus>> LocalFileSystem::status(std::string path) {
  return perform([this, path = std::move(path)] { return local::status(*context_, path); });
}

Awaitable<FileResult<std::shared_ptr<FileSystem>>> LocalFileSystem::subdirectory(std::string path) {
  return perform([this, path = std::move(path)]() -> FileResult<std::shared_ptr<FileSystem>> {
    FileResult<Descriptor> directory = local::open_subdirectory(*context_, path);
    if (!directory) return directory.error();
    LocalOptions options = context_->options;
    options.jail = true;
    return std::shared_ptr<FileSystem>(adopt(std::move(*directory), std::move(options)));
  });
}

Features LocalFileSystem::features() const {
  return {.read_only = context_->options.read_only, .symlinks = true, .atomic_rename = true, .hard_links = true};
}

}  // namespace hawser::server
