// Plain TCP and Unix socket peers for tests of forwarding: a server that answers what it was sent once it has seen the
// end of it, and a client that sends, ends its direction, and reads to the end.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hawser::test {

class TcpSocket {
 public:
  explicit TcpSocket(int fd = -1) : fd_(fd) {}
  TcpSocket(TcpSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  TcpSocket& operator=(TcpSocket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~TcpSocket() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

  // False: nobody listens there.
  bool connect(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    open(AF_INET);
    return ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  bool connect(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    open(AF_UNIX);
    return ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  std::uint16_t own_port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  void end() { ::shutdown(fd_, SHUT_WR); }
  // To the end of the stream, however it comes.
  std::string read_all() {
    std::string all;
    char buffer[65536];
    while (true) {
      const ssize_t count = ::recv(fd_, buffer, sizeof buffer, 0);
      if (count <= 0) return all;
      all.append(buffer, static_cast<std::size_t>(count));
    }
  }
  std::string read(std::size_t size) {
    std::string all(size, '\0');
    const ssize_t count = ::recv(fd_, all.data(), size, MSG_WAITALL);
    all.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return all;
  }

 private:
  void open(int family) {
    fd_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{30, 0};  // a peer that hangs fails the test
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  int fd_ = -1;
};

// Reads to the end of what a client sends, says "got " and all of it, and closes. So the answer comes only where the
// half-close does.
class HalfCloseServer {
 public:
  HalfCloseServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listen(reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  explicit HalfCloseServer(const std::string& path) : listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    listen(reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  ~HalfCloseServer() {
    ::shutdown(listener_.fd(), SHUT_RDWR);
    thread_.join();
    for (std::thread& client : clients_) client.join();
  }
  std::uint16_t port() const { return listener_.own_port(); }
  int served() const { return served_; }  // ended, by either side

 private:
  void listen(const sockaddr* address, socklen_t size) {
    if (::bind(listener_.fd(), address, size) != 0 || ::listen(listener_.fd(), 16) != 0) {
      throw std::runtime_error("cannot listen");
    }
    thread_ = std::thread([this] {
      while (true) {
        const int fd = ::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        clients_.emplace_back([this, fd] {
          TcpSocket client(fd);
          const std::string all = client.read_all();
          client.send("got " + all);
          ++served_;
        });
      }
    });
  }

  TcpSocket listener_;
  std::thread thread_;
  std::vector<std::thread> clients_;  // of `thread_` until it is joined
  std::atomic<int> served_{0};
};

}  // namespace hawser::test
