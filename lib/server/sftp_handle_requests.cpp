// The requests on handles: files and directories that are open.
#include <chrono>
#include <limits>

#include "hawser/sftp/longname.h"
#include "hawser/sftp/path.h"
#include "sftp_session.h"

namespace hawser::server {

using net::Awaitable;
using sftp::StatusCode;

namespace {

constexpr std::uint64_t largest_offset = std::numeric_limits<std::int64_t>::max();  // of POSIX files
constexpr std::size_t entries_at_once = 256;
// Entries that no client may be shown, in one READDIR; a directory with more is not believed to end. None that works
// has any.
constexpr std::size_t unlisted_limit = 10'000;

// filexfer-02 §6.3, each bit for itself. APPEND is a way to write, so it asks for writing.
FileResult<OpenMode> open_mode(std::uint32_t pflags) {
  namespace flags = sftp::open_flags;
  OpenMode mode;
  mode.read = (pflags & flags::read) != 0;
  mode.append = (pflags & flags::append) != 0;
  mode.write = (pflags & flags::write) != 0 || mode.append;
  mode.create = (pflags & flags::create) != 0;
  mode.truncate = (pflags & flags::truncate) != 0;
  mode.exclusive = mode.create && (pflags & flags::exclusive) != 0;
  if (!mode.read && !mode.write) return FileError::failed;
  if (mode.truncate && !mode.write) return FileError::permission_denied;
  return mode;
}

bool is_entry_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

}  // namespace

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Open open) {
  const FileResult<std::string> path = resolve(open.filename);
  if (!path) co_return path.error();
  const FileResult<OpenMode> mode = open_mode(open.pflags);
  if (!mode) co_return mode.error();
  const bool changes = mode->write || mode->create;
  if (changes && options_.read_only) co_return FileError::read_only;
  if (mode->read) {
    const bool allowed = co_await server_.check_file_access(*path, Access::read);
    if (!allowed) co_return FileError::permission_denied;
  }
  if (changes) {
    const bool allowed = co_await server_.check_file_access(*path, Access::write);
    if (!allowed) co_return FileError::permission_denied;
  }
  if (mode->create) {
    const std::string directory(sftp::parent_path(*path));
    const bool allowed = co_await server_.check_directory_access(directory, Access::write);
    if (!allowed) co_return FileError::permission_denied;
  }
  // Before the file is touched: a refused OPEN must not have truncated it.
  std::optional<sftp::HandleTable<SFTPHandle>::Reservation> place = handles_.reserve();
  if (!place) co_return FileError::too_many_open;
  SFTPEvent event{.operation = SFTPOperation::open, .path = *path, .mode = *mode};
  event.attributes = creation_attributes(open.attrs, server_.get_file_permissions(*path));
  FileResult<std::unique_ptr<File>> file = FileError::failed;
  const Outcome opened = co_await hooks_.perform(
      event, [&] { return keep_in(file, file_system_.open(event.path, event.mode, event.attributes)); });
  if (!opened) co_return opened.error();
  SFTPHandle handle;
  handle.path = std::move(event.path);
  handle.mode = *mode;
  handle.file = std::move(*file);
  reply(sftp::Handle{id_, handles_.insert(std::move(*place), std::move(handle))});
  co_return Outcome();
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Close close) {
  std::optional<SFTPHandle> open = handles_.remove(close.handle);
  if (!open) co_return FileError::closed;
  const Outcome closed = co_await close_handle(*open, false);
  co_return closed;
}

Awaitable<SFTPSession::Outcome> SFTPSession::close_handle(SFTPHandle& open, bool session_ended) {
  SFTPEvent event{.operation = open.file ? SFTPOperation::close : SFTPOperation::closedir, .path = open.path};
  event.mode = open.mode;
  event.bytes_read = open.bytes_read;
  event.bytes_written = open.bytes_written;
  event.session_ended = session_ended;
  const auto close_directory = []() -> Awaitable<Outcome> { co_return Outcome(); };
  const Outcome closed =
      co_await hooks_.perform_always(event, [&] { return open.file ? open.file->close() : close_directory(); });
  co_return closed;
}

FileResult<SFTPHandle*> SFTPSession::find_file(std::string_view handle) {
  SFTPHandle* open = handles_.find(handle);
  if (open == nullptr) return FileError::closed;
  if (!open->file) return FileError::wrong_type;
  return open;
}

FileResult<SFTPHandle*> SFTPSession::find_readable(std::string_view handle) {
  FileResult<SFTPHandle*> open = find_file(handle);
  if (open && !(*open)->mode.read) return FileError::permission_denied;
  return open;
}

FileResult<SFTPHandle*> SFTPSession::find_writable(std::string_view handle) {
  FileResult<SFTPHandle*> open = find_file(handle);
  if (open && !(*open)->mode.write) return FileError::permission_denied;
  return open;
}

bool SFTPSession::try_read(const sftp::Read& read) {
  const FileResult<SFTPHandle*> open = find_readable(read.handle);
  if (!open) {
    reply_error(open.error());
    return true;
  }
  if (read.offset > largest_offset) {
    reply_status(StatusCode::eof);
    return true;
  }
  chain_.clear();
  channel_.reserve(sftp::DataReply::room(read.length), chain_);
  sftp::DataReply data(chain_, id_, read.length);
  const std::optional<FileResult<std::size_t>> done = (*open)->file->try_read_at(read.offset, data.areas());
  if (!done) return false;
  reply_data(**open, data, read.length, *done);
  return true;
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Read read) {
  const FileResult<SFTPHandle*> open = find_readable(read.handle);
  if (!open) co_return open.error();
  ++counters_.waited;
  chain_.clear();
  channel_.reserve(sftp::DataReply::room(read.length), chain_);
  sftp::DataReply data(chain_, id_, read.length);
  const FileResult<std::size_t> done = co_await (*open)->file->read_at(read.offset, data.areas());
  reply_data(**open, data, read.length, done);
  co_return Outcome();
}

void SFTPSession::reply_data(SFTPHandle& open, sftp::DataReply& data, std::size_t asked,
                             const FileResult<std::size_t>& read) {
  if (!read) return reply_error(read.error());
  // More than there was room for: a file that cannot be believed.
  if (*read > asked) return reply_error(FileError::failed);
  ++counters_.reads;
  counters_.bytes_read += *read;
  open.bytes_read += *read;
  if (*read == 0 && asked != 0) {
    data.fail(StatusCode::eof);
  } else {
    data.finish(*read);
  }
  send();
}

std::span<const Bytes> SFTPSession::pieces_of(const PayloadChain& data) {
  pieces_.clear();
  for (const Payload& piece : data.pieces()) pieces_.push_back(piece.bytes());
  return pieces_;
}

bool SFTPSession::try_write(const sftp::WriteHeader& write, const PayloadChain& data) {
  const FileResult<SFTPHandle*> open = find_writable(write.handle);
  if (!open) {
    reply_error(open.error());
    return true;
  }
  // With APPEND the offset means nothing (filexfer-02 §6.3).
  if (!(*open)->mode.append && write.offset > largest_offset - data.size()) {
    reply_error(FileError::failed);
    return true;
  }
  if (!data.empty()) {
    const std::optional<FileResult<void>> done = (*open)->file->try_write_at(write.offset, pieces_of(data));
    if (!done) return false;
    if (!*done) {
      reply_error(done->error());
      return true;
    }
  }
  count_write(**open, data.size());
  reply_status(StatusCode::ok);
  return true;
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle_write(sftp::WriteHeader write, const PayloadChain& data) {
  const FileResult<SFTPHandle*> open = find_writable(write.handle);
  if (!open) co_return open.error();
  ++counters_.waited;
  const Outcome done = co_await (*open)->file->write_at(write.offset, pieces_of(data));
  if (!done) co_return done;
  count_write(**open, data.size());
  co_return done;
}

void SFTPSession::count_write(SFTPHandle& open, std::size_t size) {
  ++counters_.writes;
  counters_.bytes_written += size;
  open.bytes_written += size;
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Fstat fstat) {
  SFTPHandle* open = handles_.find(fstat.handle);
  if (open == nullptr) co_return FileError::closed;
  Awaitable<FileResult<sftp::Attributes>> asked = open->file ? open->file->attributes() : open->directory->attributes();
  FileResult<sftp::Attributes> attributes = co_await std::move(asked);
  if (!attributes && open->directory && attributes.error() == FileError::unsupported) {
    attributes = co_await file_system_.stat(open->path);
  }
  if (!attributes) co_return attributes.error();
  reply(sftp::Attrs{id_, *attributes});
  co_return Outcome();
}

// By the name where a directory cannot be reached by itself.
Awaitable<SFTPSession::Outcome> SFTPSession::set_attributes(const SFTPHandle& open, sftp::Attributes attributes) {
  Awaitable<Outcome> change =
      open.file ? open.file->set_attributes(attributes) : open.directory->set_attributes(attributes);
  Outcome changed = co_await std::move(change);
  if (!changed && open.directory && changed.error() == FileError::unsupported) {
    changed = co_await file_system_.set_attributes(open.path, attributes);
  }
  co_return changed;
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Fsetstat fsetstat) {
  SFTPHandle* open = handles_.find(fsetstat.handle);
  if (open == nullptr) co_return FileError::closed;
  if (fsetstat.attrs.empty()) co_return Outcome();
  if (fsetstat.attrs.size && !open->mode.write) co_return FileError::permission_denied;
  const bool allowed = co_await server_.check_file_access(open->path, Access::write);
  if (!allowed) co_return FileError::permission_denied;
  SFTPEvent event{.operation = SFTPOperation::setstat, .path = open->path};
  event.attributes = fsetstat.attrs;
  const Outcome changed = co_await hooks_.perform(event, [&] { return set_attributes(*open, event.attributes); });
  co_return changed;
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Fstatvfs fstatvfs) {
  const FileResult<SFTPHandle*> open = find_file(fstatvfs.handle);
  if (!open) co_return open.error();
  const FileResult<sftp::FileSystemStatistics> statistics = co_await (*open)->file->statistics();
  if (!statistics) co_return statistics.error();
  reply(sftp::ExtendedReplyWith<sftp::FileSystemStatistics>{id_, *statistics});
  co_return Outcome();
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Fsync fsync) {
  const FileResult<SFTPHandle*> open = find_file(fsync.handle);
  if (!open) co_return open.error();
  const Outcome synced = co_await (*open)->file->sync();
  co_return synced;
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Opendir opendir) {
  const FileResult<std::string> path = resolve(opendir.path);
  if (!path) co_return path.error();
  const bool allowed = co_await server_.check_directory_access(*path, Access::read);
  if (!allowed) co_return FileError::permission_denied;
  std::optional<sftp::HandleTable<SFTPHandle>::Reservation> place = handles_.reserve();
  if (!place) co_return FileError::too_many_open;
  SFTPEvent event{.operation = SFTPOperation::opendir, .path = *path};
  FileResult<std::unique_ptr<Directory>> directory = FileError::failed;
  const Outcome opened =
      co_await hooks_.perform(event, [&] { return keep_in(directory, file_system_.open_directory(event.path)); });
  if (!opened) co_return opened.error();
  SFTPHandle handle;
  handle.path = std::move(event.path);
  handle.directory = std::move(*directory);
  reply(sftp::Handle{id_, handles_.insert(std::move(*place), std::move(handle))});
  co_return Outcome();
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Readdir readdir) {
  SFTPHandle* open = handles_.find(readdir.handle);
  if (open == nullptr) co_return FileError::closed;
  if (!open->directory) co_return FileError::wrong_type;
  now_ = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  names_.reset(id_, options_.name_reply_size);
  const Outcome filled = co_await fill_names(*open);
  // Names that were read are sent first; the directory will fail again.
  if (!filled && names_.empty()) co_return filled;
  if (names_.empty()) co_return FileError::end_of_file;
  chain_.clear();
  channel_.reserve(names_.size(), chain_);
  names_.write(chain_);
  send();
  co_return Outcome();
}

Awaitable<SFTPSession::Outcome> SFTPSession::fill_names(SFTPHandle& open) {
  if (!open.started) {
    open.started = true;
    co_await add_dots(open);
  }
  std::size_t unlisted = 0;
  while (!open.endless) {
    if (open.sent == open.entries.size()) {
      open.entries.clear();
      open.sent = 0;
      FileResult<std::vector<DirectoryEntry>> read = co_await open.directory->next(entries_at_once);
      if (!read) co_return read.error();
      if (read->empty()) co_return Outcome();
      open.entries = std::move(*read);
    }
    const DirectoryEntry& entry = open.entries[open.sent];
    // What no directory can hold a client would take for an attack. One too long for any reply is left out too.
    const bool listed = is_entry_name(entry.name) && add_name(entry.name, entry.attributes, entry.links);
    if (!listed && is_entry_name(entry.name) && !names_.empty()) co_return Outcome();  // begins the next reply
    ++open.sent;
    if (!listed) open.endless = ++unlisted == unlisted_limit;
  }
  co_return FileError::failed;
}

// "." and "..", which a client expects to see but few file systems have.
Awaitable<void> SFTPSession::add_dots(SFTPHandle& open) {
  const FileResult<sftp::Attributes> own = co_await file_system_.stat(open.path);
  add_name(".", own ? *own : sftp::Attributes(), 1);
  const std::string parent_path(sftp::parent_path(open.path));
  const FileResult<sftp::Attributes> parent = co_await file_system_.stat(parent_path);
  add_name("..", parent ? *parent : sftp::Attributes(), 1);
}

bool SFTPSession::add_name(std::string_view name, const sftp::Attributes& attributes, std::uint32_t links) {
  longname_.clear();
  sftp::append_longname(longname_, name, attributes, links, now_);
  return names_.add({.filename = name, .longname = longname_, .attributes = attributes});
}

}  // namespace hawser::server
