#include "hawser/server/quota_file_system.h"

#include <asio/io_context.hpp>

#include "hawser/net/spawn.h"
#include "server/quota_directory.h"
#include "server/quota_file.h"

namespace hawser::server {
namespace {}  // namespace

Awaitable<FileResult<std::shared_ptr<QuotaFileSystem>>> QuotaFileSystem::create(std::shared_ptr<FileSystem> inner,
                                                                                QuotaOptions options) {
  const FileResult<QuotaCount> there = co_await count_all(inner);
  if (!there) co_return there.error();
  auto ledger = std::make_shared<QuotaLedger>(options);
  ledger->bytes.take_anyway(there->bytes);
  ledger->files.take_anyway(there->files);
  co_return std::shared_ptr<QuotaFileSystem>(new QuotaFileSystem(std::move(inner), std::move(ledger)));
}

FileResult<std::shared_ptr<QuotaFileSystem>> QuotaFileSystem::create_now(std::shared_ptr<FileSystem> inner,
                                                                         QuotaOptions options) {
  using Outcome = FileResult<std::shared_ptr<QuotaFileSystem>>;
  asio::io_context io;
  Outcome outcome = FileError::failed;
  auto keep = [](Awaitable<Outcome> work, Outcome& result) -> Awaitable<void> { result = co_await std::move(work); };
  net::spawn(io.get_executor(), keep(create(std::move(inner), options), outcome));
  io.run();
  return outcome;
}

QuotaFileSystem::QuotaFileSystem(std::shared_ptr<FileSystem> inner, std::shared_ptr<QuotaLedger> ledger)
    : inner_(std::move(inner)), ledger_(std::move(ledger)) {}

std::uint64_t QuotaFileSystem::used_bytes() const { return ledger_->bytes.used(); }
std::uint64_t QuotaFileSystem::used_files() const { return ledger_->files.used(); }

Awaitable<FileResult<sftp::Attributes>> QuotaFileSystem::stat(std::string path) {
  return inner_->stat(std::move(path));
}

Awaitable<FileResult<sftp::Attributes>> QuotaFileSystem::lstat(std::string path) {
  return inner_->lstat(std::move(path));
}

Awaitable<FileResult<QuotaFileSystem::Found>> QuotaFileSystem::find(std::string path, bool follow) {
  if (follow) {
    FileResult<std::string> real = co_await inner_->real_path(std::move(path));
    if (!real) co_return real.error();
    path = std::move(*real);
  }
  const FileResult<FileStatus> status = co_await inner_->status(path);
  if (!status) co_return status.error();
  co_return Found{std::move(path), *status};
}

Awaitable<std::shared_ptr<QuotaRecord>> QuotaFileSystem::record_of(const Found& found) {
  const QuotaLedger::Acquired acquired = ledger_->acquire(found.status.identity);
  if (acquired.fresh) {
    // What was found may be out of date: a handle may have written since, and been closed.
    const FileResult<FileStatus> now = co_await inner_->status(found.path);
    const bool same = now && now->identity == found.status.identity;
    acquired.record->begin(counted_size(same ? now->attributes : found.status.attributes));
  }
  co_return acquired.record;
}

Awaitable<std::shared_ptr<QuotaRecord>> QuotaFileSystem::record_of(File& file, const FileStatus& found) {
  const QuotaLedger::Acquired acquired = ledger_->acquire(found.identity);
  if (acquired.fresh) {
    const FileResult<FileStatus> now = co_await file.status();  // as above
    acquired.record->begin(counted_size(now ? now->attributes : found.attributes));
  }
  co_return acquired.record;
}

Awaitable<FileResult<std::unique_ptr<File>>> QuotaFileSystem::open(std::string path, OpenMode mode,
                                                                   sftp::Attributes create) {
  // Until the file has its record, so that nobody removes it before.
  const AsyncLock::Guard names = co_await ledger_->names.enter();
  Awaitable<FileResult<Opened>> work =
      mode.create || mode.truncate ? make_or_empty(path, mode, create) : open_as_it_is(path, mode);
  FileResult<Opened> opened = co_await std::move(work);
  if (!opened) co_return opened.error();
  std::unique_ptr<File> wrapped =
      std::make_unique<QuotaFile>(std::move(opened->file), ledger_, std::move(opened->record), mode);
  co_return wrapped;
}

Awaitable<FileResult<QuotaFileSystem::Opened>> QuotaFileSystem::open_as_it_is(std::string path, OpenMode mode) {
  Opened opened;
  FileResult<std::unique_ptr<File>> file = co_await inner_->open(std::move(path), mode, {});
  if (!file) co_return file.error();
  opened.file = std::move(*file);
  const FileResult<FileStatus> found = co_await opened.file->status();
  if (!found) co_return found.error();
  if (sftp::is_regular(found->attributes)) opened.record = co_await record_of(*opened.file, *found);
  co_return opened;
}

Awaitable<FileResult<QuotaFileSystem::Opened>> QuotaFileSystem::make_or_empty(std::string path, OpenMode mode,
                                                                              sftp::Attributes create) {
  Opened opened;
  const FileResult<Found> before = co_await find(path, !(mode.create && mode.exclusive));
  if (!before && before.error() != FileError::not_found) co_return before.error();
  if (before && sftp::is_regular(before->status.attributes)) opened.record = co_await record_of(*before);
  std::optional<AsyncLock::Guard> turn;
  if (opened.record && mode.truncate) {
    AsyncLock::Guard entered = co_await opened.record->turn.enter();
    turn.emplace(std::move(entered));
  }
  std::optional<Claim> claim;
  if (!before && mode.create) claim.emplace(ledger_->files, 1);
  if (claim && !*claim) co_return FileError::no_space;
  FileResult<std::unique_ptr<File>> file = co_await inner_->open(path, mode, create);
  if (!file) co_return file.error();
  opened.file = std::move(*file);
  if (claim) claim->keep();
  if (!claim && !turn) co_return opened;
  const FileResult<FileStatus> now = co_await opened.file->status();
  if (!now) co_return now.error();
  if (claim) opened.record = ledger_->begin_new(now->identity);
  if (turn) opened.record->settle(counted_size(now->attributes));
  co_return opened;
}

Awaitable<FileResult<std::unique_ptr<Directory>>> QuotaFileSystem::open_directory(std::string path) {
  FileResult<std::unique_ptr<Directory>> directory = co_await inner_->open_directory(std::move(path));
  if (!directory) co_return directory.error();
  std::unique_ptr<Directory> wrapped = std::make_unique<QuotaDirectory>(std::move(*directory));
  co_return wrapped;
}

Awaitable<FileResult<void>> QuotaFileSystem::make_directory(std::string path, sftp::Attributes attributes) {
  const AsyncLock::Guard names = co_await ledger_->names.enter();
  Claim claim(ledger_->files, 1);
  if (!claim) co_return FileError::no_space;
  if (attributes.permissions) *attributes.permissions |= rights_to_count;
  const FileResult<void> made = co_await inner_->make_directory(std::move(path), attributes);
  if (made) claim.keep();
  co_return made;
}

Awaitable<FileResult<void>> QuotaFileSystem::remove_directory(std::string path) {
  const AsyncLock::Guard names = co_await ledger_->names.enter();
  const FileResult<void> removed = co_await inner_->remove_directory(std::move(path));
  if (removed) ledger_->files.give_back(1);
  co_return removed;
}

Awaitable<QuotaFileSystem::Doomed> QuotaFileSystem::doom(std::string path) {
  Doomed doomed;
  const FileResult<FileStatus> status = co_await inner_->status(path);
  if (!status) co_return doomed;
  doomed.identity = status->identity;
  doomed.counts = sftp::is_directory(status->attributes) || status->links <= 1;
  if (!doomed.counts || !sftp::is_regular(status->attributes)) co_return doomed;
  const Found found{std::move(path), *status};
  doomed.record = co_await record_of(found);
  co_return doomed;
}

void QuotaFileSystem::removed(const Doomed& doomed) {
  if (doomed.record) {
    doomed.record->mark_removed();
  } else if (doomed.counts) {
    ledger_->files.give_back(1);
  }
}

Awaitable<FileResult<void>> QuotaFileSystem::remove(std::string path) {
  const AsyncLock::Guard names = co_await ledger_->names.enter();
  const Doomed doomed = co_await doom(path);
  const FileResult<void> outcome = co_await inner_->remove(path);
  if (outcome) removed(doomed);
  co_return outcome;
}

Awaitable<FileResult<void>> QuotaFileSystem::rename(std::string from, std::string to, bool replace) {
  const AsyncLock::Guard names = co_await ledger_->names.enter();
  Doomed replaced;
  if (replace) replaced = co_await doom(to);
  const FileResult<FileStatus> moved = co_await inner_->status(from);
  const FileResult<void> renamed = co_await inner_->rename(from, to, replace);
  // Two names of one file: rename(2) leaves both as they are.
  if (renamed && moved && replaced.identity != moved->identity) removed(replaced);
  co_return renamed;
}

Awaitable<FileResult<void>> QuotaFileSystem::set_attributes(std::string path, sftp::Attributes attributes) {
  if (attributes.size) return resize(std::move(path), attributes);
  if (could_hide_directory(attributes)) return set_file_permissions(std::move(path), attributes, true);
  return inner_->set_attributes(std::move(path), attributes);
}

Awaitable<FileResult<void>> QuotaFileSystem::set_file_permissions(std::string path, sftp::Attributes attributes,
                                                                  bool follow) {
  const AsyncLock::Guard names = co_await ledger_->names.enter();
  const FileResult<Found> found = co_await find(std::move(path), follow);
  if (!found) co_return found.error();
  if (sftp::is_directory(found->status.attributes)) co_return FileError::permission_denied;
  if (follow) co_return co_await inner_->set_attributes(found->path, attributes);
  co_return co_await inner_->set_link_attributes(found->path, attributes);
}

Awaitable<FileResult<void>> QuotaFileSystem::resize(std::string path, sftp::Attributes attributes) {
  const AsyncLock::Guard names = co_await ledger_->names.enter();
  const FileResult<Found> file = co_await find(path, true);
  if (!file) co_return file.error();
  if (sftp::is_directory(file->status.attributes)) co_return FileError::wrong_type;
  if (!sftp::is_regular(file->status.attributes)) co_return co_await inner_->set_attributes(path, attributes);
  const std::shared_ptr<QuotaRecord> record = co_await record_of(*file);
  const AsyncLock::Guard turn = co_await record->turn.enter();
  if (!record->reserve(*attributes.size)) co_return FileError::no_space;
  record->lose();
  FileResult<void> changed;
  std::exception_ptr thrown;
  try {
    changed = co_await inner_->set_attributes(file->path, attributes);
  } catch (...) {
    thrown = std::current_exception();
  }
  const FileResult<FileStatus> after = co_await inner_->status(file->path);
  if (after) record->settle(counted_size(after->attributes));
  if (thrown) std::rethrow_exception(thrown);
  co_return changed;
}

Awaitable<FileResult<void>> QuotaFileSystem::set_link_attributes(std::string path, sftp::Attributes attributes) {
  if (attributes.size) co_return FileError::unsupported;
  if (could_hide_directory(attributes)) co_return co_await set_file_permissions(path, attributes, false);
  co_return co_await inner_->set_link_attributes(std::move(path), attributes);
}

Awaitable<FileResult<std::string>> QuotaFileSystem::read_link(std::string path) {
  return inner_->read_link(std::move(path));
}

Awaitable<FileResult<void>> QuotaFileSystem::symlink(std::string target, std::string link_path) {
  const AsyncLock::Guard names = co_await ledger_->names.enter();
  Claim claim(ledger_->files, 1);
  if (!claim) co_return FileError::no_space;
  const FileResult<void> made = co_await inner_->symlink(std::move(target), std::move(link_path));
  if (made) claim.keep();
  co_return made;
}

Awaitable<FileResult<void>> QuotaFileSystem::hard_link(std::string existing, std::string link_path) {
  const AsyncLock::Guard names = co_await ledger_->names.enter();
  co_return co_await inner_->hard_link(std::move(existing), std::move(link_path));
}

Awaitable<FileResult<std::string>> QuotaFileSystem::real_path(std::string path) {
  return inner_->real_path(std::move(path));
}

Awaitable<FileResult<sftp::FileSystemStatistics>> QuotaFileSystem::statistics(std::string path) {
  const FileResult<sftp::FileSystemStatistics> known = co_await inner_->statistics(std::move(path));
  if (!known) co_return known;
  co_return ledger_->limited(*known);
}

Awaitable<FileResult<FileStatus>> QuotaFileSystem::status(std::string path) { return inner_->status(std::move(path)); }

Awaitable<FileResult<std::shared_ptr<FileSystem>>> QuotaFileSystem::subdirectory(std::string path) {
  FileResult<std::shared_ptr<FileSystem>> directory = co_await inner_->subdirectory(std::move(path));
  if (!directory) co_return directory.error();
  co_return std::shared_ptr<FileSystem>(new QuotaFileSystem(std::move(*directory), ledger_));
}

}  // namespace hawser::server
