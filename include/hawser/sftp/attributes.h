// What SFTP says about a file (ATTRS, filexfer-02 §5) and about a file system (OpenSSH PROTOCOL §4.4). Plain values: an
// absent field is unknown in a reply, and is left as it is in a request.
#pragma once

#include <cstdint>
#include <optional>

namespace hawser::sftp {

// The POSIX file mode, which `permissions` holds: the kind of file in the upper bits. The numbers are those of POSIX
// systems and are part of the protocol, whatever the local <sys/stat.h> says.
namespace file_mode {

inline constexpr std::uint32_t type_mask = 0170000;
inline constexpr std::uint32_t socket = 0140000;
inline constexpr std::uint32_t symbolic_link = 0120000;
inline constexpr std::uint32_t regular = 0100000;
inline constexpr std::uint32_t block_device = 0060000;
inline constexpr std::uint32_t directory = 0040000;
inline constexpr std::uint32_t character_device = 0020000;
inline constexpr std::uint32_t fifo = 0010000;

inline constexpr std::uint32_t set_uid = 04000;
inline constexpr std::uint32_t set_gid = 02000;
inline constexpr std::uint32_t sticky = 01000;
inline constexpr std::uint32_t permission_mask = 07777;  // the rights, with set-uid, set-gid and sticky
inline constexpr std::uint32_t rights_mask = 0777;       // the rights alone

}  // namespace file_mode

struct Owner {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  friend bool operator==(const Owner&, const Owner&) = default;
};

// Seconds since 1970-01-01 UTC. Version 3 has 32 bits: clamp, do not wrap (`clamp_time`).
struct FileTimes {
  std::uint32_t atime = 0;
  std::uint32_t mtime = 0;
  friend bool operator==(const FileTimes&, const FileTimes&) = default;
};

struct Attributes {
  std::optional<std::uint64_t> size;
  std::optional<Owner> owner;
  std::optional<std::uint32_t> permissions;  // with the file_mode type bits in a reply
  std::optional<FileTimes> times;

  bool empty() const { return !size && !owner && !permissions && !times; }
  friend bool operator==(const Attributes&, const Attributes&) = default;
};

// The kind of file, as file_mode type bits; 0 where the permissions are unknown.
constexpr std::uint32_t type_of(const Attributes& a) { return a.permissions.value_or(0) & file_mode::type_mask; }
constexpr bool is_directory(const Attributes& a) { return type_of(a) == file_mode::directory; }
constexpr bool is_regular(const Attributes& a) { return type_of(a) == file_mode::regular; }
constexpr bool is_symlink(const Attributes& a) { return type_of(a) == file_mode::symbolic_link; }

// A 64-bit time as version 3 can say it: times before 1970 become 0, times after 2106 the last second.
constexpr std::uint32_t clamp_time(std::int64_t seconds) {
  if (seconds < 0) return 0;
  return seconds > INT64_C(0xffffffff) ? UINT32_C(0xffffffff) : static_cast<std::uint32_t>(seconds);
}

// The reply to statvfs@openssh.com and fstatvfs@openssh.com; the members are those of POSIX struct statvfs, named as
// there.
struct FileSystemStatistics {
  std::uint64_t f_bsize = 0;    // file system block size
  std::uint64_t f_frsize = 0;   // fundamental block size: the unit of the three below
  std::uint64_t f_blocks = 0;   // blocks in the file system
  std::uint64_t f_bfree = 0;    // free blocks
  std::uint64_t f_bavail = 0;   // free blocks for users other than root
  std::uint64_t f_files = 0;    // file inodes
  std::uint64_t f_ffree = 0;    // free inodes
  std::uint64_t f_favail = 0;   // free inodes for users other than root
  std::uint64_t f_fsid = 0;     // file system id
  std::uint64_t f_flag = 0;     // `read_only_flag`, `no_set_uid_flag`
  std::uint64_t f_namemax = 0;  // longest name of one component

  static constexpr std::uint64_t read_only_flag = 1;   // SSH_FXE_STATVFS_ST_RDONLY
  static constexpr std::uint64_t no_set_uid_flag = 2;  // SSH_FXE_STATVFS_ST_NOSUID
  friend bool operator==(const FileSystemStatistics&, const FileSystemStatistics&) = default;
};

}  // namespace hawser::sftp
