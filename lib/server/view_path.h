// Looks a path up in a directory of a file system that cannot do it by itself, reading symbolic links one by one.
#pragma once

#include <string>

#include "hawser/server/file_system.h"

namespace hawser::server {

// `path` below `directory` without symbolic links, `..` and `.`, as a path that begins at `directory`. Absolute targets
// begin there too. The last component may be missing, and is not followed unless `follow_last`. Errors: invalid_path,
// name_too_long, not_found, loop, and those of lstat and read_link.
Awaitable<FileResult<std::string>> path_in_view(FileSystem& files, std::string directory, std::string path,
                                                bool follow_last);

}  // namespace hawser::server
