// Opens what an Endpoint describes.
#pragma once

#include <sys/types.h>

#include <vector>

#include "descriptor.h"
#include "hawser/server/endpoint.h"
#include "hawser/server/log.h"
#include "hawser/wire/result.h"

namespace hawser::server {

// The name of a Unix socket in the file system, removed with this object if it is still the same socket.
class SocketFile {
 public:
  SocketFile() = default;
  // Of the socket that was just bound there.
  explicit SocketFile(std::string path);
  SocketFile(SocketFile&& other) noexcept
      : path_(std::exchange(other.path_, {})), device_(other.device_), inode_(other.inode_) {}
  SocketFile& operator=(SocketFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(device_, other.device_);
    std::swap(inode_, other.inode_);
    return *this;
  }
  ~SocketFile();

 private:
  std::string path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

struct ListeningSocket {
  Descriptor descriptor;  // non-blocking
  BoundEndpoint bound;
  ProxyProtocol proxy;
  SocketFile file;
};

// Every socket of every endpoint, in order. What is wrong with which endpoint goes to `log` as well. Errors:
// host_not_found, invalid_argument (no path, not a listening socket), io_error.
Result<std::vector<ListeningSocket>> open_endpoints(const std::vector<Endpoint>& endpoints, Log* log);

// The parts of it.
Result<std::vector<ListeningSocket>> listen_on(const TcpEndpoint& endpoint);
Result<ListeningSocket> listen_on(const UnixEndpoint& endpoint);
Result<ListeningSocket> listen_on(const OpenSocket& socket);

// The last failure of a system call, as an Error of ours.
Error listen_error(int error_number);

}  // namespace hawser::server
