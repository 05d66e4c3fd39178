#include "server/local_system_calls.h"

#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

namespace hawser::server {
namespace {

constexpr int resolve_attempts = 64;

// fchmodat2(2), Linux 6.6; the number is the same on every architecture but Alpha.
#ifdef SYS_fchmodat2
constexpr long fchmodat2_number = SYS_fchmodat2;
#else
constexpr long fchmodat2_number = 452;
#endif

std::array<char, 32> proc_path(int fd) {
  std::array<char, 32> path{};
  std::snprintf(path.data(), path.size(), "/proc/self/fd/%d", fd);
  return path;
}

bool lacks_flag(int error) { return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP; }

// Whether somebody has put another file in the place of `file`.
bool is_another(int directory, const char* name, const struct stat& file) {
  struct stat now;
  return ::fstatat(directory, name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
         (now.st_dev != file.st_dev || now.st_ino != file.st_ino);
}

int rename_by_link(int from_directory, const char* from, int to_directory, const char* to) {
  struct stat moved;
  if (::fstatat(from_directory, from, &moved, AT_SYMLINK_NOFOLLOW) != 0) return -1;
  if (::linkat(from_directory, from, to_directory, to, 0) == 0) {
    // As if that had come after the renaming: what is not ours stays.
    if (is_another(from_directory, from, moved)) return 0;
    if (::unlinkat(from_directory, from, 0) == 0) return 0;
    const int error = errno;
    if (!is_another(to_directory, to, moved)) ::unlinkat(to_directory, to, 0);
    errno = error;
    return -1;
  }
  // A directory, or a file system without hard links.
  if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK && errno != ENOSYS) return -1;
  struct stat existing;
  if (::fstatat(to_directory, to, &existing, AT_SYMLINK_NOFOLLOW) == 0) {
    errno = EEXIST;
    return -1;
  }
  if (errno != ENOENT) return -1;
  return ::renameat(from_directory, from, to_directory, to);
}

}  // namespace

int open_in_root(int root, const char* path, int flags, mode_t mode) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags);
  how.mode = (flags & O_CREAT) != 0 ? mode : 0;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  // EAGAIN: something was renamed while `..` was looked up, so that the kernel could not tell whether it stayed inside.
  for (int attempt = 0;; ++attempt) {
    const long fd = ::syscall(SYS_openat2, root, path, &how, sizeof how);
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR) || attempt == resolve_attempts) return static_cast<int>(fd);
  }
}

bool open_in_root_works(int root) {
  const int fd = open_in_root(root, "/", O_PATH | O_CLOEXEC, 0);
  if (fd < 0) return false;
  ::close(fd);
  return true;
}

int rename_without_replacing(int from_directory, const char* from, int to_directory, const char* to, bool portable) {
  if (!portable) {
    if (::syscall(SYS_renameat2, from_directory, from, to_directory, to, RENAME_NOREPLACE) == 0) return 0;
    // EINVAL may also mean a directory into itself; the other way finds that again.
    if (!lacks_flag(errno)) return -1;
  }
  return rename_by_link(from_directory, from, to_directory, to);
}

int change_mode(int fd, mode_t mode) {
  if (::fchmod(fd, mode) == 0) return 0;
  if (errno != EBADF) return -1;  // O_PATH
  if (::syscall(fchmodat2_number, fd, "", mode, AT_EMPTY_PATH) == 0) return 0;
  if (errno != ENOSYS && errno != EPERM) return -1;  // EPERM: not the owner, or a seccomp filter
  const int error = errno;
  if (::chmod(proc_path(fd).data(), mode) == 0) return 0;
  if (errno == ENOENT) errno = error;  // no /proc
  return -1;
}

int change_owner(int fd, uid_t uid, gid_t gid) { return ::fchownat(fd, "", uid, gid, AT_EMPTY_PATH); }

int change_times(int fd, const timespec (&times)[2]) {
  if (::utimensat(fd, "", times, AT_EMPTY_PATH) == 0) return 0;
  if (errno != EINVAL && errno != ENOENT) return -1;  // Linux before 5.8
  return ::utimensat(AT_FDCWD, proc_path(fd).data(), times, 0);
}

}  // namespace hawser::server
