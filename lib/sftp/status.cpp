#include "hawser/sftp/status.h"

namespace hawser::sftp {

const char* status_text(StatusCode code) {
  switch (code) {
    case StatusCode::ok: return "Success";
    case StatusCode::eof: return "End of file";
    case StatusCode::no_such_file: return "No such file";
    case StatusCode::permission_denied: return "Permission denied";
    case StatusCode::failure: return "Failure";
    case StatusCode::bad_message: return "Bad message";
    case StatusCode::no_connection: return "No connection";
    case StatusCode::connection_lost: return "Connection lost";
    case StatusCode::op_unsupported: return "Operation unsupported";
    case StatusCode::invalid_handle: return "Invalid handle";
    case StatusCode::no_such_path: return "No such path";
    case StatusCode::file_already_exists: return "File already exists";
    case StatusCode::write_protect: return "Write protected";
    case StatusCode::no_media: return "No media";
    case StatusCode::no_space_on_filesystem: return "No space on file system";
    case StatusCode::quota_exceeded: return "Quota exceeded";
    case StatusCode::unknown_principal: return "Unknown principal";
    case StatusCode::lock_conflict: return "Lock conflict";
    case StatusCode::dir_not_empty: return "Directory not empty";
    case StatusCode::not_a_directory: return "Not a directory";
    case StatusCode::invalid_filename: return "Invalid file name";
    case StatusCode::link_loop: return "Too many symbolic links";
    case StatusCode::cannot_delete: return "Cannot delete";
    case StatusCode::invalid_parameter: return "Invalid parameter";
    case StatusCode::file_is_a_directory: return "Is a directory";
    case StatusCode::byte_range_lock_conflict: return "Byte range lock conflict";
    case StatusCode::byte_range_lock_refused: return "Byte range lock refused";
    case StatusCode::delete_pending: return "Delete pending";
    case StatusCode::file_corrupt: return "File corrupt";
    case StatusCode::owner_invalid: return "Invalid owner";
    case StatusCode::group_invalid: return "Invalid group";
    case StatusCode::no_matching_byte_range_lock: return "No matching byte range lock";
  }
  return "Failure";  // a code of the peer's own
}

}  // namespace hawser::sftp
