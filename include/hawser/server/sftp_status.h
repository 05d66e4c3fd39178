// How a FileError is told to an SFTP client: the one table from FileError to SSH_FX_* (filexfer-02 §7). The text that
// goes with it is `text_of(error)`.
#pragma once

#include "hawser/server/file_system.h"
#include "hawser/sftp/status.h"

namespace hawser::server {

sftp::StatusCode status_code(FileError);

}  // namespace hawser::server
