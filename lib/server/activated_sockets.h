// What systemd says of the sockets it hands over, apart from the environment it says it in.
#pragma once

#include <sys/types.h>

#include "hawser/server/endpoint.h"

namespace hawser::server {

struct ListenVariables {
  const char* pid = nullptr;    // LISTEN_PID: whom they are for
  const char* count = nullptr;  // LISTEN_FDS
  const char* names = nullptr;  // LISTEN_FDNAMES, colons between
  int first = 3;                // SD_LISTEN_FDS_START
};

// Errors: bad_value.
Result<std::vector<Endpoint>> activated_endpoints(const ListenVariables& variables, pid_t own_pid);

}  // namespace hawser::server
