// Paths of Unix sockets that a client has named.
#pragma once

#include <sys/un.h>

#include <string>

namespace hawser::server {

// Absolute, without NUL, and short enough for a sockaddr_un. (A leading NUL would be Linux's abstract name space, which
// has no permissions.)
inline bool is_socket_path(const std::string& path) {
  return path.starts_with('/') && path.find('\0') == path.npos && path.size() < sizeof(sockaddr_un::sun_path);
}

}  // namespace hawser::server
