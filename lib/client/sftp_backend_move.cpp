// Renaming and copying, with a way for each thing that a server may not be able to do.
#include "client/remote_read_stream.h"
#include "client/sftp_backend_state.h"
#include "hawser/sftp/requests.h"

namespace hawser::client {

// The judgement that move and copy share: the source first, whatever the target is.
bool SFTPBackend::State::may_go(RemoteOperation& operation, std::string_view from_key, const RemotePath& to,
                                bool overwrite) {
  const ErrorSubject source = subject(from_key);
  const RemotePath from = file_path(from_key);
  const std::optional<sftp::Attributes> there = operation.find(native(from));
  if (!there) throw NotFound("there is no such file", source);
  need_file(*there, source);
  if (from == to) return false;
  need_free(operation, native(to), overwrite);
  return true;
}

void SFTPBackend::move(std::string_view from_key, std::string_view to_key, bool overwrite) {
  const RemotePath from = state_->file_path(from_key);
  const RemotePath to = state_->file_path(to_key);
  const std::string source = state_->native(from);
  const std::string target = state_->native(to);
  state_->perform(to_key, [&](RemoteOperation& operation) {
    if (!state_->may_go(operation, from_key, to, overwrite)) return;
    SFTPResult<void> moved = state_->publish(operation, source, target, overwrite);
    if (!moved && is_missing(moved.error())) {
      state_->make_folder(operation, native_parent(target));
      moved = state_->publish(operation, source, target, overwrite);
    }
    if (moved) return;
    // Between two file systems of the server nothing can be renamed.
    if (!is_unspecific(moved.error()) && moved.error().code() != Errc::unsupported)
      raise(moved.error(), operation.subject());
    state_->copy_content(operation, source, target, overwrite);
    operation.need(operation.remove(source));
  });
}

void SFTPBackend::copy(std::string_view from_key, std::string_view to_key, bool overwrite) {
  const RemotePath from = state_->file_path(from_key);
  const RemotePath to = state_->file_path(to_key);
  state_->perform(to_key, [&](RemoteOperation& operation) {
    if (!state_->may_go(operation, from_key, to, overwrite)) return;
    state_->copy_content(operation, state_->native(from), state_->native(to), overwrite);
  });
}

SFTPResult<void> SFTPBackend::State::publish(RemoteOperation& operation, const std::string& from, const std::string& to,
                                             bool overwrite) {
  if (overwrite) {
    SFTPResult<void> replaced = operation.posix_rename(from, to);
    if (replaced || is_lost(replaced.error()) || is_missing(replaced.error())) return replaced;
    if (replaced.error().is(sftp::StatusCode::permission_denied)) return replaced;
  }
  SFTPResult<void> renamed = operation.rename(from, to);
  if (renamed || is_lost(renamed.error()) || !is_unspecific(renamed.error())) return renamed;
  const std::optional<sftp::Attributes> there = operation.find_link(to);
  if (!there) return renamed;
  if (sftp::is_directory(*there)) throw InvalidPath("it is a folder", operation.subject());
  if (!overwrite) throw AlreadyExists("it exists already", operation.subject());
  // The server renames onto nothing that exists. The old file is put aside rather than removed, so that one of the two
  // is there whatever happens.
  const std::string aside = temporary_sibling(to, ".~bak.");
  if (SFTPResult<void> displaced = operation.rename(to, aside); !displaced) return displaced;
  renamed = operation.rename(from, to);
  if (!renamed) {
    if (!is_lost(renamed.error()) && !operation.rename(aside, to))
      warn("the old file could not be put back and is now " + aside);
    return renamed;
  }
  if (!operation.remove(aside)) warn("the old file could not be removed and is now " + aside);
  return renamed;
}

void SFTPBackend::State::copy_content(RemoteOperation& operation, const std::string& from, const std::string& to,
                                      bool overwrite) {
  // Onto a file that exists by way of a new one: the two names may be the same file, and truncating it would lose both.
  const bool beside = overwrite && operation.find_link(to).has_value();
  const std::string path = beside ? temporary_sibling(to, ".~tmp.") : to;
  RemoteFile source = operation.need(operation.open(from, sftp::open_flags::read));
  RemoteFile target = open_new(operation, path, sftp::open_flags::exclusive);
  try {
    if (!source.copy_to(target)) {
      RemoteReadStream content(std::move(source), std::nullopt, operation.subject(), [](const auto&) {});
      ChunkedUpload upload(target, operation.subject());
      upload.append_all(content);
      upload.finish();
    }
    operation.need(target.close());
    if (beside) operation.need(publish(operation, path, to, true));
  } catch (const BackendUnavailable&) {
    throw;
  } catch (...) {
    const SFTPResult<void> removed = operation.remove(path);
    if (!removed) warn("an unfinished copy could not be removed: " + removed.error().message());
    throw;
  }
}

}  // namespace hawser::client
