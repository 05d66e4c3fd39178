// What a LocalFileSystem does for a path, as plain calls that may wait.
#pragma once

#include "server/local_context.h"

namespace hawser::server::local {

FileResult<sftp::Attributes> stat(const LocalContext& context, const std::string& path);
FileResult<sftp::Attributes> lstat(const LocalContext& context, const std::string& path);

FileResult<Descriptor> open(const LocalContext& context, const std::string& path, OpenMode mode,
                            const sftp::Attributes& create);
FileResult<Descriptor> open_directory(const LocalContext& context, const std::string& path);

FileResult<void> make_directory(const LocalContext& context, const std::string& path,
                                const sftp::Attributes& attributes);
FileResult<void> remove_directory(const LocalContext& context, const std::string& path);
FileResult<void> remove(const LocalContext& context, const std::string& path);
FileResult<void> rename(const LocalContext& context, const std::string& from, const std::string& to, bool replace);

FileResult<void> set_attributes(const LocalContext& context, const std::string& path,
                                const sftp::Attributes& attributes);
FileResult<void> set_link_attributes(const LocalContext& context, const std::string& path,
                                     const sftp::Attributes& attributes);

FileResult<std::string> read_link(const LocalContext& context, const std::string& path);
FileResult<void> symlink(const LocalContext& context, const std::string& target, const std::string& link_path);
FileResult<void> hard_link(const LocalContext& context, const std::string& existing, const std::string& link_path);

FileResult<FileStatus> status(const LocalContext& context, const std::string& path);  // of lstat
// For a jail of its own.
FileResult<Descriptor> open_subdirectory(const LocalContext& context, const std::string& path);
FileResult<sftp::FileSystemStatistics> statistics(const LocalContext& context, const std::string& path);

}  // namespace hawser::server::local
