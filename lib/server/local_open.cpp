// Opening files and directories of a LocalFileSystem.
#include "server/local_attributes.h"
#include "server/local_operations.h"
#include "server/local_system_calls.h"

namespace hawser::server::local {
namespace {

constexpr std::uint32_t default_file_permissions = 0666;

// Each bit of SSH_FXP_OPEN has its own of open(2). O_NONBLOCK, so that a FIFO does not wait for its other end; it means
// nothing for a regular file.
int flags_of(OpenMode mode) {
  int flags = O_NOCTTY | O_NONBLOCK;
  if (mode.writes()) {
    flags |= mode.read ? O_RDWR : O_WRONLY;
  } else {
    flags |= O_RDONLY;
  }
  if (mode.append) flags |= O_APPEND;
  if (mode.create) flags |= O_CREAT;
  if (mode.truncate) flags |= O_TRUNC;
  if (mode.create && mode.exclusive) flags |= O_EXCL;  // without O_CREAT it has no meaning
  return flags;
}

FileResult<void> check_type(int fd, bool allow_devices) {
  struct stat status;
  if (::fstat(fd, &status) != 0) return last_error();
  if (S_ISREG(status.st_mode)) return {};
  const bool device = S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode);
  if (device && allow_devices) return {};
  return FileError::wrong_type;
}

FileResult<Descriptor> open_as_directory(const LocalContext& context, const std::string& path, int flags) {
  FileResult<Descriptor> directory = context.resolver.open(path, flags | O_DIRECTORY);
  if (!directory && directory.error() == FileError::wrong_type) {
    // It is there and no directory, or something on the way to it is none.
    const FileResult<Descriptor> anything = context.resolver.open(path, O_PATH);
    return anything ? FileError::wrong_type : anything.error();
  }
  return directory;
}

}  // namespace

FileResult<Descriptor> open(const LocalContext& context, const std::string& path, OpenMode mode,
                            const sftp::Attributes& create) {
  if (context.options.read_only && mode.changes()) return FileError::read_only;
  const std::uint32_t permissions = create.permissions.value_or(default_file_permissions) & context.permission_mask();
  FileResult<Descriptor> file = context.resolver.open(path, flags_of(mode), permissions & ~context.options.umask);
  if (!file && mode.create && file.error() == FileError::not_found) return FileError::parent_missing;
  if (!file) return file.error();
  const FileResult<void> type = check_type(file->get(), context.options.allow_devices);
  if (!type) return type.error();
  return file;
}

FileResult<Descriptor> open_directory(const LocalContext& context, const std::string& path) {
  return open_as_directory(context, path, O_RDONLY | O_NONBLOCK);
}

FileResult<Descriptor> open_subdirectory(const LocalContext& context, const std::string& path) {
  return open_as_directory(context, path, O_PATH);
}

}  // namespace hawser::server::local
