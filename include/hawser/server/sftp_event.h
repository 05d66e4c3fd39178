// What a client of an SFTPServer is about to do, or has done: for SFTPServer::before and SFTPServer::after.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hawser/server/file_system.h"
#include "hawser/sftp/attributes.h"

namespace hawser::server {

// Everything that opens, closes or changes something. What only reads attributes (STAT, READLINK, REALPATH, ...) has
// SFTPServer's check_… hooks alone; READ and WRITE are summed up by their file's `close`.
enum class SFTPOperation {
  open,
  close,
  opendir,
  closedir,
  setstat,  // also of a handle (FSETSTAT), or of a symbolic link itself (lsetstat@openssh.com)
  remove,
  rename,
  mkdir,
  rmdir,
  symlink,
  hardlink,
};

std::string_view name_of(SFTPOperation);  // "open", "hardlink", ...

// Paths are the client's view, absolute and clean. What an operation does not have is empty.
struct SFTPEvent {
  SFTPOperation operation = SFTPOperation::open;
  std::string path;              // rename, hardlink: of what exists; symlink: of the link
  std::string new_path;          // rename, hardlink
  std::string link_target;       // symlink: text as the client sent it, which may be relative and need not exist
  OpenMode mode;                 // open, close
  sftp::Attributes attributes;   // open, mkdir: what something new gets; setstat: what was asked for
  bool replaces = false;         // rename: what has the new name goes (posix-rename@openssh.com)
  std::uint64_t bytes_read = 0;  // close: by this handle
  std::uint64_t bytes_written = 0;
  bool session_ended = false;  // close, closedir: the client is gone and did not ask for it; its upload may be half
};

}  // namespace hawser::server
