// System calls that the C library may be too old to have, and the way around each where the kernel lacks it.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "hawser/server/file_system.h"

namespace hawser::server {

inline FileError last_error() { return file_error_of_errno(errno); }

// openat2(2) with `path` resolved as if `root` were `/`: absolute paths and links start there, `..` stops there, and
// links of /proc lead nowhere. -1 with ENOSYS (no such call, Linux before 5.6) or EPERM (a seccomp filter) where it
// cannot be used.
int open_in_root(int root, const char* path, int flags, mode_t mode);
bool open_in_root_works(int root);

// Fails with EEXIST where `to` exists. Atomic where kernel and file system have RENAME_NOREPLACE; else a file is linked
// and unlinked, which is atomic too, and a directory is renamed after a look at the target.
int rename_without_replacing(int from_directory, const char* from, int to_directory, const char* to, bool portable);

// For a descriptor of O_PATH too.
int change_mode(int fd, mode_t mode);
int change_owner(int fd, uid_t uid, gid_t gid);
int change_times(int fd, const timespec (&times)[2]);

}  // namespace hawser::server
