#include "hawser/server/sftp_status.h"

namespace hawser::server {

sftp::StatusCode status_code(FileError error) {
  using sftp::StatusCode;
  switch (error) {
    case FileError::end_of_file: return StatusCode::eof;
    case FileError::not_found:
    case FileError::parent_missing:
    case FileError::loop: return StatusCode::no_such_file;
    case FileError::permission_denied:
    case FileError::read_only:
    case FileError::busy: return StatusCode::permission_denied;
    case FileError::unsupported: return StatusCode::op_unsupported;
    case FileError::invalid_path: return StatusCode::bad_message;
    // Version 3 has no code of its own for these: the text tells.
    case FileError::already_exists:
    case FileError::not_empty:
    case FileError::wrong_type:
    case FileError::remove_root:
    case FileError::no_space:
    case FileError::name_too_long:
    case FileError::too_many_open:
    case FileError::cross_device:
    case FileError::closed:
    case FileError::failed: break;
  }
  return StatusCode::failure;
}

}  // namespace hawser::server
