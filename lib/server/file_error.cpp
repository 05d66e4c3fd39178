#include <cerrno>

#include "hawser/server/file_system.h"

namespace hawser::server {

const char* text_of(FileError error) {
  switch (error) {
    case FileError::not_found: return "No such file";
    case FileError::parent_missing: return "The parent directory does not exist";
    case FileError::permission_denied: return "Permission denied";
    case FileError::read_only: return "The file system is read-only";
    case FileError::unsupported: return "Operation not supported";
    case FileError::already_exists: return "The name already exists";
    case FileError::not_empty: return "The directory is not empty";
    case FileError::wrong_type: return "Not possible for this type of file";
    case FileError::remove_root: return "The root directory cannot be removed or renamed";
    case FileError::no_space: return "No space left";
    case FileError::invalid_path: return "The path is not valid";
    case FileError::name_too_long: return "The name is too long";
    case FileError::loop: return "Too many symbolic links";
    case FileError::too_many_open: return "Too many open files";
    case FileError::cross_device: return "The names are on different file systems";
    case FileError::busy: return "The file is in use";
    case FileError::end_of_file: return "End of file";
    case FileError::closed: return "The file is closed";
    case FileError::failed: break;
  }
  return "Failure";
}

FileError file_error_of_errno(int errno_value) {
  switch (errno_value) {
    case ENOENT:
    case ESRCH: return FileError::not_found;
    case EACCES:
    case EPERM: return FileError::permission_denied;
    case EROFS: return FileError::read_only;
    case EEXIST: return FileError::already_exists;
    case ENOTEMPTY: return FileError::not_empty;
    case ENOTDIR:
    case EISDIR:
    case EINVAL:
    case ENXIO:
    case ENODEV: return FileError::wrong_type;
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return FileError::no_space;
    case ENAMETOOLONG: return FileError::name_too_long;
    case EILSEQ: return FileError::invalid_path;
    case ELOOP: return FileError::loop;
    case EMFILE:
    case ENFILE: return FileError::too_many_open;
    case EXDEV: return FileError::cross_device;
    case EBUSY:
    case ETXTBSY: return FileError::busy;
    case EBADF: return FileError::closed;
    case ENOSYS:
    case EOPNOTSUPP: return FileError::unsupported;
    default: return FileError::failed;
  }
}

}  // namespace hawser::server
