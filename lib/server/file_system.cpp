// What a FileSystem or File does where it does not say otherwise.
#include "hawser/server/file_system.h"

namespace hawser::server {

Awaitable<FileResult<void>> File::set_attributes(const sftp::Attributes&) { co_return FileError::unsupported; }
Awaitable<FileResult<FileStatus>> File::status() { co_return FileError::unsupported; }
Awaitable<FileResult<void>> File::sync() { co_return FileError::unsupported; }
Awaitable<FileResult<sftp::FileSystemStatistics>> File::statistics() { co_return FileError::unsupported; }

Awaitable<FileResult<sftp::Attributes>> Directory::attributes() { co_return FileError::unsupported; }
Awaitable<FileResult<void>> Directory::set_attributes(const sftp::Attributes&) { co_return FileError::unsupported; }

Awaitable<FileResult<sftp::Attributes>> FileSystem::lstat(std::string path) { return stat(std::move(path)); }
Awaitable<FileResult<void>> FileSystem::make_directory(std::string, sftp::Attributes) {
  co_return FileError::unsupported;
}
Awaitable<FileResult<void>> FileSystem::remove_directory(std::string) { co_return FileError::unsupported; }
Awaitable<FileResult<void>> FileSystem::remove(std::string) { co_return FileError::unsupported; }
Awaitable<FileResult<void>> FileSystem::rename(std::string, std::string, bool) { co_return FileError::unsupported; }
Awaitable<FileResult<void>> FileSystem::set_attributes(std::string, sftp::Attributes) {
  co_return FileError::unsupported;
}
Awaitable<FileResult<void>> FileSystem::set_link_attributes(std::string, sftp::Attributes) {
  co_return FileError::unsupported;
}
Awaitable<FileResult<std::string>> FileSystem::read_link(std::string) { co_return FileError::unsupported; }
Awaitable<FileResult<void>> FileSystem::symlink(std::string, std::string) { co_return FileError::unsupported; }
Awaitable<FileResult<void>> FileSystem::hard_link(std::string, std::string) { co_return FileError::unsupported; }
Awaitable<FileResult<std::string>> FileSystem::real_path(std::string path) { co_return path; }
Awaitable<FileResult<sftp::FileSystemStatistics>> FileSystem::statistics(std::string) {
  co_return FileError::unsupported;
}

Awaitable<FileResult<FileStatus>> FileSystem::status(std::string) { co_return FileError::unsupported; }
Awaitable<FileResult<std::shared_ptr<FileSystem>>> FileSystem::subdirectory(std::string) {
  co_return FileError::unsupported;
}

}  // namespace hawser::server
