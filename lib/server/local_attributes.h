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

// Sets owner, permissions (those in `mask`) and times; `fd` may be one of O_PATH. The size, which needs more, is not
// looked at.
FileResult<void> apply_attributes(int fd, const sftp::Attributes& attributes, std::uint32_t mask);
FileResult<void> apply_size(int fd, std::uint64_t size);

}  // namespace hawser::server
