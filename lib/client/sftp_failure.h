// What the failures of SFTP mean in a Backend's terms.
#pragma once

#include "hawser/client/remote_store_error.h"
#include "hawser/client/sftp_error.h"

namespace hawser::client {

// There is nothing of this name; a name below a file counts too, which servers report in either way.
bool is_missing(const SFTPError& error);
// There is no connection any more.
bool is_lost(const SFTPError& error);
// The server refused without a reason that version 3 has a code for: it exists already, is a directory, is not empty,
// no space, ...
bool is_unspecific(const SFTPError& error);

[[noreturn]] void raise(const SFTPError& error, ErrorSubject subject);

}  // namespace hawser::client
