// Listening on a Unix socket.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "listening_socket.h"

namespace hawser::server {

namespace {

// What a server that did not end in order has left behind: a socket that refuses connections.
bool is_stale(const sockaddr_un& address) {
  struct stat status;
  if (::lstat(address.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM, 0));
  if (!probe || ::fcntl(probe.get(), F_SETFL, O_NONBLOCK) != 0) return false;
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
         errno == ECONNREFUSED;
}

}  // namespace

SocketFile::SocketFile(std::string path) : path_(std::move(path)) {
  struct stat status;
  if (::lstat(path_.c_str(), &status) != 0) {
    path_.clear();
    return;
  }
  device_ = status.st_dev;
  inode_ = status.st_ino;
}

SocketFile::~SocketFile() {
  struct stat status;
  if (path_.empty() || ::lstat(path_.c_str(), &status) != 0) return;
  // Another server may have taken the name since.
  if (S_ISSOCK(status.st_mode) && status.st_dev == device_ && status.st_ino == inode_) ::unlink(path_.c_str());
}

Result<ListeningSocket> listen_on(const UnixEndpoint& endpoint) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (endpoint.path.empty() || endpoint.path.size() >= sizeof address.sun_path ||
      endpoint.path.find('\0') != std::string::npos) {
    return Error(Errc::invalid_argument, "the path of a Unix socket has 1 to 107 bytes");
  }
  std::memcpy(address.sun_path, endpoint.path.data(), endpoint.path.size());
  if (is_stale(address)) ::unlink(address.sun_path);

  ListeningSocket out;
  out.descriptor = Descriptor(::socket(AF_UNIX, SOCK_STREAM, 0));
  const int fd = out.descriptor.get();
  if (fd < 0 || ::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || ::fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
      ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return listen_error(errno);
  }
  out.file = SocketFile(endpoint.path);
  // Nobody can connect before listen(2), so the mode is in time.
  if (::chmod(address.sun_path, static_cast<mode_t>(endpoint.mode & 0777)) != 0 || ::listen(fd, SOMAXCONN) != 0) {
    return listen_error(errno);
  }
  out.bound.address = "unix:" + escaped(endpoint.path);
  return out;
}

}  // namespace hawser::server
