// The requests on paths.
#include "hawser/sftp/path.h"
#include "sftp_session.h"

namespace hawser::server {

using net::Awaitable;

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Stat stat) {
  const FileResult<std::string> path = resolve(stat.path);
  if (!path) co_return path.error();
  const bool allowed = co_await server_.check_file_access(*path, Access::read);
  if (!allowed) co_return FileError::permission_denied;
  const FileResult<sftp::Attributes> attributes = co_await file_system_.stat(*path);
  if (!attributes) co_return attributes.error();
  reply(sftp::Attrs{id_, *attributes});
  co_return Outcome();
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Lstat lstat) {
  const FileResult<std::string> path = resolve(lstat.path);
  if (!path) co_return path.error();
  const bool allowed = co_await server_.check_file_access(*path, Access::read);
  if (!allowed) co_return FileError::permission_denied;
  const FileResult<sftp::Attributes> attributes = co_await file_system_.lstat(*path);
  if (!attributes) co_return attributes.error();
  reply(sftp::Attrs{id_, *attributes});
  co_return Outcome();
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Setstat setstat) {
  return change_attributes(setstat.path, setstat.attrs, false);
}

// OpenSSH PROTOCOL §4.7: as SETSTAT, but of a symbolic link itself.
Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Lsetstat lsetstat) {
  return change_attributes(lsetstat.path, lsetstat.attrs, true);
}

Awaitable<SFTPSession::Outcome> SFTPSession::change_attributes(std::string_view name, sftp::Attributes attributes,
                                                               bool of_link) {
  const FileResult<std::string> path = resolve(name);
  if (!path) co_return path.error();
  const bool allowed = co_await server_.check_file_access(*path, Access::write);
  if (!allowed) co_return FileError::permission_denied;
  if (attributes.empty()) co_return Outcome();
  SFTPEvent event{.operation = SFTPOperation::setstat, .path = *path};
  event.attributes = attributes;
  const Outcome changed = co_await hooks_.perform(event, [&] {
    return of_link ? file_system_.set_link_attributes(event.path, event.attributes)
                   : file_system_.set_attributes(event.path, event.attributes);
  });
  co_return changed;
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Remove remove) {
  const FileResult<std::string> path = resolve(remove.filename);
  if (!path) co_return path.error();
  const bool allowed = co_await may_change_name(*path);
  if (!allowed) co_return FileError::permission_denied;
  const SFTPEvent event{.operation = SFTPOperation::remove, .path = *path};
  const Outcome removed = co_await hooks_.perform(event, [&] { return file_system_.remove(event.path); });
  co_return removed;
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Mkdir mkdir) {
  const FileResult<std::string> path = resolve(mkdir.path);
  if (!path) co_return path.error();
  const std::string parent(sftp::parent_path(*path));
  const bool allowed = co_await server_.check_directory_access(parent, Access::write);
  if (!allowed) co_return FileError::permission_denied;
  SFTPEvent event{.operation = SFTPOperation::mkdir, .path = *path};
  event.attributes = creation_attributes(mkdir.attrs, server_.get_directory_permissions(*path));
  const Outcome made =
      co_await hooks_.perform(event, [&] { return file_system_.make_directory(event.path, event.attributes); });
  co_return made;
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Rmdir rmdir) {
  const FileResult<std::string> path = resolve(rmdir.path);
  if (!path) co_return path.error();
  if (*path == "/") co_return FileError::remove_root;
  const bool allowed = co_await server_.check_directory_access(*path, Access::write);
  if (!allowed) co_return FileError::permission_denied;
  const std::string parent(sftp::parent_path(*path));
  const bool allowed_in_parent = co_await server_.check_directory_access(parent, Access::write);
  if (!allowed_in_parent) co_return FileError::permission_denied;
  const SFTPEvent event{.operation = SFTPOperation::rmdir, .path = *path};
  const Outcome removed = co_await hooks_.perform(event, [&] { return file_system_.remove_directory(event.path); });
  co_return removed;
}

// filexfer-02 §6.5: it is an error where the new name exists.
Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Rename request) {
  return rename(request.oldpath, request.newpath, false);
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::PosixRename request) {
  return rename(request.oldpath, request.newpath, true);
}

Awaitable<SFTPSession::Outcome> SFTPSession::rename(std::string_view oldpath, std::string_view newpath, bool replace) {
  const FileResult<std::string> from = resolve(oldpath);
  if (!from) co_return from.error();
  const FileResult<std::string> to = resolve(newpath);
  if (!to) co_return to.error();
  if (*from == "/" || *to == "/") co_return FileError::remove_root;
  const bool may_take = co_await may_change_name(*from);
  if (!may_take) co_return FileError::permission_denied;
  const bool may_make = co_await may_change_name(*to);
  if (!may_make) co_return FileError::permission_denied;
  SFTPEvent event{.operation = SFTPOperation::rename, .path = *from, .new_path = *to};
  event.replaces = replace;
  const Outcome renamed =
      co_await hooks_.perform(event, [&] { return file_system_.rename(event.path, event.new_path, replace); });
  co_return renamed;
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Realpath realpath) {
  return answer_real_path(resolve(realpath.path));
}

// OpenSSH PROTOCOL §4.9: "~" is the home of the user, here the directory the session starts in. Other homes are not
// told.
Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::ExpandPath expand) {
  if (expand.path == "~" || expand.path.starts_with("~/"))
    return answer_real_path(resolve("." + std::string(expand.path.substr(1))));
  if (expand.path.starts_with("~")) return answer_real_path(FileError::not_found);
  return answer_real_path(resolve(expand.path));
}

Awaitable<SFTPSession::Outcome> SFTPSession::answer_real_path(FileResult<std::string> path) {
  if (!path) co_return path.error();
  const std::string parent(sftp::parent_path(*path));
  const bool allowed = co_await server_.check_directory_access(parent, Access::execute);
  if (!allowed) co_return FileError::permission_denied;
  const FileResult<std::string> real = co_await file_system_.real_path(*path);
  // A path that does not exist yet has a name all the same: clients ask before they upload.
  if (!real && real.error() != FileError::not_found) co_return real.error();
  reply(sftp::single_name(id_, real ? *real : *path));
  co_return Outcome();
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Readlink readlink) {
  const FileResult<std::string> path = resolve(readlink.path);
  if (!path) co_return path.error();
  const bool allowed = co_await server_.check_file_access(*path, Access::read);
  if (!allowed) co_return FileError::permission_denied;
  const FileResult<std::string> target = co_await file_system_.read_link(*path);
  if (!target) co_return target.error();
  reply(sftp::single_name(id_, *target));
  co_return Outcome();
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Symlink symlink) {
  if (options_.symlink_order == sftp::SymlinkOrder::link_first) std::swap(symlink.targetpath, symlink.linkpath);
  // The target is text: it need not exist, and is resolved when the link is followed.
  const bool has_nul = symlink.targetpath.find('\0') != std::string_view::npos;
  if (symlink.targetpath.empty() || has_nul) co_return FileError::invalid_path;
  if (!sftp::valid_path(symlink.targetpath)) co_return FileError::name_too_long;
  const FileResult<std::string> path = resolve(symlink.linkpath);
  if (!path) co_return path.error();
  const bool allowed = co_await may_change_name(*path);
  if (!allowed) co_return FileError::permission_denied;
  SFTPEvent event{.operation = SFTPOperation::symlink, .path = *path};
  event.link_target = symlink.targetpath;
  const Outcome made =
      co_await hooks_.perform(event, [&] { return file_system_.symlink(event.link_target, event.path); });
  co_return made;
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Hardlink hardlink) {
  const FileResult<std::string> existing = resolve(hardlink.oldpath);
  if (!existing) co_return existing.error();
  const FileResult<std::string> path = resolve(hardlink.newpath);
  if (!path) co_return path.error();
  // A second name gives all the access that the rules of its directory allow, so the first one must be open to both.
  for (const Access access : {Access::read, Access::write}) {
    const bool allowed = co_await server_.check_file_access(*existing, access);
    if (!allowed) co_return FileError::permission_denied;
  }
  const bool allowed = co_await may_change_name(*path);
  if (!allowed) co_return FileError::permission_denied;
  const SFTPEvent event{.operation = SFTPOperation::hardlink, .path = *existing, .new_path = *path};
  const Outcome made =
      co_await hooks_.perform(event, [&] { return file_system_.hard_link(event.path, event.new_path); });
  co_return made;
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Statvfs statvfs) {
  const FileResult<std::string> path = resolve(statvfs.path);
  if (!path) co_return path.error();
  const bool allowed = co_await server_.check_file_access(*path, Access::read);
  if (!allowed) co_return FileError::permission_denied;
  const FileResult<sftp::FileSystemStatistics> statistics = co_await file_system_.statistics(*path);
  if (!statistics) co_return statistics.error();
  reply(sftp::ExtendedReplyWith<sftp::FileSystemStatistics>{id_, *statistics});
  co_return Outcome();
}

}  // namespace hawser::server
