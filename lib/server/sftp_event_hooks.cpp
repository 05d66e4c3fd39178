#include "sftp_event_hooks.h"

namespace hawser::server {

std::string_view name_of(SFTPOperation operation) {
  switch (operation) {
    case SFTPOperation::open: return "open";
    case SFTPOperation::close: return "close";
    case SFTPOperation::opendir: return "opendir";
    case SFTPOperation::closedir: return "closedir";
    case SFTPOperation::setstat: return "setstat";
    case SFTPOperation::remove: return "remove";
    case SFTPOperation::rename: return "rename";
    case SFTPOperation::mkdir: return "mkdir";
    case SFTPOperation::rmdir: return "rmdir";
    case SFTPOperation::symlink: return "symlink";
    case SFTPOperation::hardlink: return "hardlink";
  }
  return "";
}

Awaitable<FileResult<void>> SFTPEventHooks::before(const SFTPEvent& event) {
  const FileResult<void> denial = FileError::permission_denied;
  return caller_.ask("before", denial, [this, &event] { return server_.before(event); });
}

Awaitable<void> SFTPEventHooks::after(const SFTPEvent& event, const FileResult<void>& result) {
  return caller_.run_hook("after", [this, &event, &result] { return server_.after(event, result); });
}

}  // namespace hawser::server
