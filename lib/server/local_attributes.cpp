#include "server/local_attributes.h"

#include "server/local_system_calls.h"

namespace hawser::server {

sftp::Attributes attributes_of(const struct stat& status) {
  sftp::Attributes attributes;
  attributes.size = static_cast<std::uint64_t>(status.st_size);
  attributes.owner = sftp::Owner{status.st_uid, status.st_gid};
  attributes.permissions = status.st_mode;
  attributes.times = sftp::FileTimes{sftp::clamp_time(status.st_atime), sftp::clamp_time(status.st_mtime)};
  return attributes;
}

FileStatus status_of(const struct stat& status) {
  return {attributes_of(status), static_cast<std::uint32_t>(status.st_nlink), {status.st_dev, status.st_ino}};
}

sftp::FileSystemStatistics statistics_of(const struct statvfs& status) {
  sftp::FileSystemStatistics statistics;
  statistics.f_bsize = status.f_bsize;
  statistics.f_frsize = status.f_frsize;
  statistics.f_blocks = status.f_blocks;
  statistics.f_bfree = status.f_bfree;
  statistics.f_bavail = status.f_bavail;
  statistics.f_files = status.f_files;
  statistics.f_ffree = status.f_ffree;
  statistics.f_favail = status.f_favail;
  statistics.f_fsid = status.f_fsid;
  if ((status.f_flag & ST_RDONLY) != 0) statistics.f_flag |= sftp::FileSystemStatistics::read_only_flag;
  if ((status.f_flag & ST_NOSUID) != 0) statistics.f_flag |= sftp::FileSystemStatistics::no_set_uid_flag;
  statistics.f_namemax = status.f_namemax;
  return statistics;
}

FileResult<sftp::Attributes> attributes_of_descriptor(int fd) {
  struct stat status;
  if (::fstat(fd, &status) != 0) return last_error();
  return attributes_of(status);
}

FileResult<FileStatus> status_of_descriptor(int fd) {
  struct stat status;
  if (::fstat(fd, &status) != 0) return last_error();
  return status_of(status);
}

FileResult<sftp::FileSystemStatistics> statistics_of_descriptor(int fd) {
  struct statvfs status;
  if (::fstatvfs(fd, &status) != 0) return last_error();
  return statistics_of(status);
}

}  // namespace hawser::server
