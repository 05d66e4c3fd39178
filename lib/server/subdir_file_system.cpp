#include "hawser/server/subdir_file_system.h"

#include "hawser/sftp/path.h"
#include "server/view_path.h"

namespace hawser::server {
namespace {

std::string clean_directory(const std::string& directory) {
  std::string clean = sftp::clean_path(directory);
  if (clean == "/") clean.clear();
  return clean;
}

}  // namespace

SubdirFileSystem::SubdirFileSystem(std::shared_ptr<FileSystem> inner, const std::string& directory)
    : inner_(std::move(inner)), directory_(clean_directory(directory)) {}

Awaitable<FileResult<FileSystem*>> SubdirFileSystem::view() {
  {
    const std::lock_guard guard(mutex_);
    if (makes_none_ || view_) co_return view_.get();
  }
  std::string directory = directory_.empty() ? "/" : directory_;
  FileResult<std::shared_ptr<FileSystem>> made = co_await inner_->subdirectory(std::move(directory));
  if (!made && made.error() != FileError::unsupported) co_return made.error();
  const std::lock_guard guard(mutex_);
  if (!made) makes_none_ = true;
  if (made && !view_) view_ = std::move(*made);  // else another call was faster
  co_return view_.get();
}

Awaitable<FileResult<SubdirFileSystem::Target>> SubdirFileSystem::locate(std::string path, Last last) {
  const FileResult<FileSystem*> made = co_await view();
  if (!made) co_return made.error();
  if (*made != nullptr) co_return Target{*made, path, sftp::clean_path(path)};
  FileResult<std::string> seen = co_await path_in_view(*inner_, directory_, std::move(path), last == Last::follow);
  if (!seen) co_return seen.error();
  std::string below = directory_.empty() || *seen != "/" ? directory_ + *seen : directory_;
  co_return Target{inner_.get(), std::move(below), std::move(*seen)};
}

Awaitable<FileResult<SubdirFileSystem::Target>> SubdirFileSystem::place_for(std::string path) {
  FileResult<Target> at = co_await locate(std::move(path), Last::keep);
  if (at && at->is_root()) co_return FileError::already_exists;
  if (!at && at.error() == FileError::not_found) co_return FileError::parent_missing;
  co_return at;
}

Awaitable<FileResult<SubdirFileSystem::Target>> SubdirFileSystem::below_root(std::string path, FileError at_root) {
  FileResult<Target> at = co_await locate(std::move(path), Last::keep);
  if (at && at->is_root()) co_return at_root;
  co_return at;
}

template <class T, class Call>
Awaitable<FileResult<T>> SubdirFileSystem::forward(Awaitable<FileResult<Target>> where, Call call) {
  const FileResult<Target> at = co_await std::move(where);
  if (!at) co_return at.error();
  Awaitable<FileResult<T>> work = call(*at->files, at->path);
  co_return co_await std::move(work);
}

Awaitable<FileResult<sftp::Attributes>> SubdirFileSystem::stat(std::string path) {
  return forward<sftp::Attributes>(locate(std::move(path), Last::follow),
                                   [](FileSystem& files, const std::string& at) { return files.stat(at); });
}

Awaitable<FileResult<sftp::Attributes>> SubdirFileSystem::lstat(std::string path) {
  return forward<sftp::Attributes>(locate(std::move(path), Last::keep),
                                   [](FileSystem& files, const std::string& at) { return files.lstat(at); });
}

Awaitable<FileResult<std::unique_ptr<File>>> SubdirFileSystem::open(std::string path, OpenMode mode,
                                                                    sftp::Attributes create) {
  const bool exclusive = mode.create && mode.exclusive;
  const FileResult<Target> at = co_await locate(std::move(path), exclusive ? Last::keep : Last::follow);
  if (!at && mode.create && at.error() == FileError::not_found) co_return FileError::parent_missing;
  if (!at) co_return at.error();
  co_return co_await at->files->open(at->path, mode, create);
}

Awaitable<FileResult<std::unique_ptr<Directory>>> SubdirFileSystem::open_directory(std::string path) {
  return forward<std::unique_ptr<Directory>>(
      locate(std::move(path), Last::follow),
      [](FileSystem& files, const std::string& at) { return files.open_directory(at); });
}

Awaitable<FileResult<void>> SubdirFileSystem::make_directory(std::string path, sftp::Attributes attributes) {
  return forward<void>(place_for(std::move(path)), [attributes](FileSystem& files, const std::string& at) {
    return files.make_directory(at, attributes);
  });
}

Awaitable<FileResult<void>> SubdirFileSystem::remove_directory(std::string path) {
  return forward<void>(below_root(std::move(path), FileError::remove_root),
                       [](FileSystem& files, const std::string& at) { return files.remove_directory(at); });
}

Awaitable<FileResult<void>> SubdirFileSystem::remove(std::string path) {
  return forward<void>(below_root(std::move(path), FileError::remove_root),
                       [](FileSystem& files, const std::string& at) { return files.remove(at); });
}

Awaitable<FileResult<void>> SubdirFileSystem::rename(std::string from, std::string to, bool replace) {
  const FileResult<Target> source = co_await below_root(std::move(from), FileError::remove_root);
  if (!source) co_return source.error();
  const FileResult<Target> target = co_await place_for(std::move(to));
  if (!target) co_return target.error();
  co_return co_await source->files->rename(source->path, target->path, replace);
}

Awaitable<FileResult<void>> SubdirFileSystem::set_attributes(std::string path, sftp::Attributes attributes) {
  return forward<void>(locate(std::move(path), Last::follow), [attributes](FileSystem& files, const std::string& at) {
    return files.set_attributes(at, attributes);
  });
}

Awaitable<FileResult<void>> SubdirFileSystem::set_link_attributes(std::string path, sftp::Attributes attributes) {
  return forward<void>(locate(std::move(path), Last::keep), [attributes](FileSystem& files, const std::string& at) {
    return files.set_link_attributes(at, attributes);
  });
}

Awaitable<FileResult<std::string>> SubdirFileSystem::read_link(std::string path) {
  return forward<std::string>(below_root(std::move(path), FileError::wrong_type),
                              [](FileSystem& files, const std::string& at) { return files.read_link(at); });
}

Awaitable<FileResult<void>> SubdirFileSystem::symlink(std::string target, std::string link_path) {
  return forward<void>(
      place_for(std::move(link_path)),
      [target = std::move(target)](FileSystem& files, const std::string& at) { return files.symlink(target, at); });
}

Awaitable<FileResult<void>> SubdirFileSystem::hard_link(std::string existing, std::string link_path) {
  const FileResult<Target> source = co_await locate(std::move(existing), Last::keep);
  if (!source) co_return source.error();
  const FileResult<Target> target = co_await place_for(std::move(link_path));
  if (!target) co_return target.error();
  co_return co_await source->files->hard_link(source->path, target->path);
}

Awaitable<FileResult<std::string>> SubdirFileSystem::real_path(std::string path) {
  const FileResult<Target> at = co_await locate(std::move(path), Last::follow);
  if (!at) co_return at.error();
  if (at->files == inner_.get()) co_return at->seen;
  co_return co_await at->files->real_path(at->path);
}

Awaitable<FileResult<sftp::FileSystemStatistics>> SubdirFileSystem::statistics(std::string path) {
  return forward<sftp::FileSystemStatistics>(
      locate(std::move(path), Last::follow),
      [](FileSystem& files, const std::string& at) { return files.statistics(at); });
}

Awaitable<FileResult<FileStatus>> SubdirFileSystem::status(std::string path) {
  return forward<FileStatus>(locate(std::move(path), Last::keep),
                             [](FileSystem& files, const std::string& at) { return files.status(at); });
}

Awaitable<FileResult<std::shared_ptr<FileSystem>>> SubdirFileSystem::subdirectory(std::string path) {
  return forward<std::shared_ptr<FileSystem>>(
      locate(std::move(path), Last::follow),
      [](FileSystem& files, const std::string& at) { return files.subdirectory(at); });
}

}  // namespace hawser::server
