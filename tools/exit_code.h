// What `hawser` tells the shell. Documented in `hawser --help`.
#pragma once

namespace hawser::tools {

enum ExitCode : int {
  success = 0,
  operation_failed = 1,   // the server refused, a file is missing, a disk is full
  usage_error = 2,        // the command line is wrong
  connection_failed = 3,  // no connection, or it broke
  host_key_failed = 4,    // the server's key is unknown or changed
  authentication_failed = 5,
  interrupted = 130,  // 128 + SIGINT; likewise for SIGTERM and SIGHUP
};

}  // namespace hawser::tools
