// `hawser serve DIR`: the command line in the terms of a configuration.
#pragma once

#include "config.h"
#include "tools/options.h"
#include "users.h"

namespace hawser::tools {

// All but the users. Throws Failure.
ServeConfig directory_config(const ServeOptions& options);
// The keys and passwords of the files; everybody sees the directory. Throws Failure.
std::shared_ptr<const UserTable> directory_users(const ServeOptions& options);

}  // namespace hawser::tools
