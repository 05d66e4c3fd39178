#include "stalling_relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace hawser::test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

// At most `limit` bytes; false at the end.
bool pass(int from, int to, std::size_t& limit) {
  char buffer[65536];
  const ssize_t count = ::recv(from, buffer, std::min(limit, sizeof buffer), 0);
  if (count <= 0) return false;
  limit -= static_cast<std::size_t>(count);
  for (ssize_t done = 0; done < count;) {
    const ssize_t sent = ::send(to, buffer + done, static_cast<std::size_t>(count - done), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    done += sent;
  }
  return true;
}

}  // namespace

StallingRelay::StallingRelay(int server_port, std::size_t bytes)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 1) != 0)
    throw std::runtime_error("relay");
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this, server_port, bytes] { run(server_port, bytes); });
}

StallingRelay::~StallingRelay() {
  over_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void StallingRelay::run(int server_port, std::size_t bytes) {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(server_port);
  bool open = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  std::size_t no_limit = SIZE_MAX;
  while (open && !over_) {
    pollfd waiting[2] = {{client, POLLIN, 0}, {server, static_cast<short>(bytes != 0 ? POLLIN : 0), 0}};
    ::poll(waiting, 2, 50);
    if (waiting[0].revents != 0) open = pass(client, server, no_limit);
    if (open && bytes != 0 && waiting[1].revents != 0) open = pass(server, client, bytes);
  }
  ::close(server);
  ::close(client);
}

}  // namespace hawser::test
