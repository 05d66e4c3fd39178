#pragma once

#include "config.h"

namespace hawser::tools {

// Reads and checks the TOML file of `hawser serve --config`. Throws Failure with everything that is wrong, a line for
// each: "serve.toml:7: limits.connections: expected a whole number from 1 to 1000000".
ServeConfig load_config(const std::string& path);

}  // namespace hawser::tools
