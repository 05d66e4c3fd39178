// Between the structures of the system and those of SFTP.
#pragma once

#include <sys/stat.h>
#include <sys/statvfs.h>

#include "hawser/server/file_system.h"

namespace hawser::server {

sftp::Attributes attributes_of(const struct stat& status);
FileStatus status_of(const struct stat& status);
sftp::FileSystemStatistics statistics_of(const struct statvfs& status);

FileResult<sftp::Attributes> attributes_of_descriptor(int fd);
FileResult<FileStatus> status_of_descriptor(int fd);
FileResult<sftp::FileSystemStatistics> statistics_of_descriptor(int fd);

// Sets all that is present, or fails and leaves the file as it was: the size, which cannot be taken back, comes when
// everything else has succeeded. `fd` may be one of O_PATH where no size is set. Without `special_bits` the set-uid and
// set-gid bits can be kept and cleared, but not set: permission_denied.
FileResult<void> apply_attributes(int fd, const sftp::Attributes& attributes, bool special_bits);

}  // namespace hawser::server
