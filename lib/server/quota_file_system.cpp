#include "hawser/server/quota_file_system.h"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include "server/quota_file.h"

namespace hawser::server {
namespace {

constexpr OpenMode for_resizing{.write = true};

}  // namespace

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
  asio::co_spawn(io, keep(create(std::move(inner), options), outcome), [](std::exception_ptr) {});
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

Awaitable<FileResult<QuotaFileSystem::Found>> QuotaFileSystem::find(std::string path, OpenMode mode) {
  if (!(mode.create && mode.exclusive)) {
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

Awaitable<FileResult<std::unique_ptr<File>>> QuotaFileSystem::open(std::string path, OpenMode mode,
                                                                   sftp::Attributes create) {
  if (!mode.changes()) {
    FileResult<std::unique_ptr<File>> file = co_await inner_->open(std::move(path), mode, create);
    if (!file) co_return file.error();
    std::unique_ptr<File> wrapped = std::make_unique<QuotaFile>(std::move(*file), ledger_, nullptr, false);
    co_return wrapped;
  }
  const AsyncLock::Guard names = co_await ledger_->names.enter();
  const FileResult<Found> before = co_await find(path, mode);
  if (!before && before.error() != FileError::not_found) co_return before.error();
  std::shared_ptr<QuotaRecord> record;
  std::optional<AsyncLock::Guard> turn;
  if (before && sftp::is_regular(before->status.attributes)) record = co_await record_of(*before);
  if (record && mode.truncate) {
    AsyncLock::Guard entered = co_await record->turn.enter();
    turn.emplace(std::move(entered));
  }
  const bool makes = !before && mode.create;
  if (makes && !ledger_->files.take(1)) co_return FileError::no_space;
  FileResult<std::unique_ptr<File>> file = co_await inner_->open(path, mode, create);
  if (!file && makes) ledger_->files.give_back(1);
  if (!file) co_return file.error();
  if (makes || turn) {
    const FileResult<FileStatus> now = co_await (*file)->status();
    if (!now) co_return now.error();
    if (makes) record = ledger_->acquire(now->identity).record;  // it is new, and empty
    if (turn) record->settle(counted_size(now->attributes));
  }
  if (!mode.writes()) record.reset();
  std::unique_ptr<File> wrapped =
      std::make_unique<QuotaFile>(std::move(*file), ledger_, std::move(record), mode.append);
  co_return wrapped;
}

Awaitable<FileResult<std::unique_ptr<Directory>>> QuotaFileSystem::open_directory(std::string path) {
  return inner_->open_directory(std::move(path));
}

Awaitable<FileResult<void>> QuotaFileSystem::make_directory(std::string path, sftp::Attributes attributes) {
  if (!ledger_->files.take(1)) co_return FileError::no_space;
  const FileResult<void> made = co_await inner_->make_directory(std::move(path), attributes);
  if (!made) ledger_->files.give_back(1);
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
  return inner_->set_attributes(std::move(path), attributes);
}

Awaitable<FileResult<void>> QuotaFileSystem::resize(std::string path, sftp::Attributes attributes) {
  const AsyncLock::Guard names = co_await ledger_->names.enter();
  const FileResult<Found> file = co_await find(path, for_resizing);
  if (!file) co_return file.error();
  if (!sftp::is_regular(file->status.attributes)) co_return co_await inner_->set_attributes(path, attributes);
  const std::shared_ptr<QuotaRecord> record = co_await record_of(*file);
  const AsyncLock::Guard turn = co_await record->turn.enter();
  if (!record->reserve(*attributes.size)) co_return FileError::no_space;
  const FileResult<void> changed = co_await inner_->set_attributes(file->path, attributes);
  const FileResult<FileStatus> after = co_await inner_->status(file->path);
  if (after) {
    record->settle(counted_size(after->attributes));
  } else {
    record->lose();
  }
  co_return changed;
}

Awaitable<FileResult<void>> QuotaFileSystem::set_link_attributes(std::string path, sftp::Attributes attributes) {
  if (attributes.size) co_return FileError::unsupported;
  co_return co_await inner_->set_link_attributes(std::move(path), attributes);
}

Awaitable<FileResult<std::string>> QuotaFileSystem::read_link(std::string path) {
  return inner_->read_link(std::move(path));
}

Awaitable<FileResult<void>> QuotaFileSystem::symlink(std::string target, std::string link_path) {
  if (!ledger_->files.take(1)) co_return FileError::no_space;
  const FileResult<void> made = co_await inner_->symlink(std::move(target), std::move(link_path));
  if (!made) ledger_->files.give_back(1);
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
