#include "listening_socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>

#include "client_address.h"

namespace hawser::server {

Error listen_error(int error_number) {
  switch (error_number) {
    case EADDRINUSE: return Error(Errc::io_error, "the address is in use");
    case EACCES:
    case EPERM: return Error(Errc::io_error, "no permission to listen on the address");
    case EADDRNOTAVAIL: return Error(Errc::io_error, "the address is not one of this host");
    default: return Error(Errc::io_error, "cannot listen");
  }
}

Result<ListeningSocket> listen_on(const OpenSocket& socket) {
  int type = 0;
  int listening = 0;
  socklen_t size = sizeof type;
  if (::getsockopt(socket.descriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) {
    return Error(Errc::invalid_argument, "the descriptor is not a stream socket");
  }
  size = sizeof listening;
  if (::getsockopt(socket.descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0) {
    return Error(Errc::invalid_argument, "the socket does not listen");
  }
  ListeningSocket out;
  out.descriptor = Descriptor(::fcntl(socket.descriptor, F_DUPFD_CLOEXEC, 0));
  const int flags = ::fcntl(out.descriptor.get(), F_GETFL);
  if (flags < 0 || ::fcntl(out.descriptor.get(), F_SETFL, flags | O_NONBLOCK) < 0) return listen_error(errno);

  sockaddr_storage address{};
  size = sizeof address;
  if (::getsockname(out.descriptor.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return listen_error(errno);
  }
  if (address.ss_family == AF_UNIX) {
    const std::size_t before_path = offsetof(sockaddr_un, sun_path);
    const auto* name = reinterpret_cast<const char*>(&address) + before_path;
    const std::size_t length = size > before_path ? ::strnlen(name, size - before_path) : 0;
    out.bound.address = "unix:" + escaped({name, length});
  } else {
    out.bound.address = ClientAddress::of(address, "socket").text;
    if (address.ss_family == AF_INET) out.bound.port = ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);
    if (address.ss_family == AF_INET6) out.bound.port = ntohs(reinterpret_cast<sockaddr_in6&>(address).sin6_port);
  }
  return out;
}

namespace {

struct Open {
  Result<std::vector<ListeningSocket>> operator()(const TcpEndpoint& endpoint) const { return listen_on(endpoint); }
  template <class Other>
  Result<std::vector<ListeningSocket>> operator()(const Other& endpoint) const {
    Result<ListeningSocket> socket = listen_on(endpoint);
    if (!socket) return socket.error();
    std::vector<ListeningSocket> one;
    one.push_back(std::move(*socket));
    return one;
  }
};

struct Name {
  std::string operator()(const TcpEndpoint& endpoint) const {
    return escaped(endpoint.address) + " port " + std::to_string(endpoint.port);
  }
  std::string operator()(const UnixEndpoint& endpoint) const { return "unix:" + escaped(endpoint.path); }
  std::string operator()(const OpenSocket& socket) const {
    return "socket " + std::to_string(socket.descriptor) + " " + escaped(socket.name);
  }
};

}  // namespace

Result<std::vector<ListeningSocket>> open_endpoints(const std::vector<Endpoint>& endpoints, Log* log) {
  std::vector<ListeningSocket> all;
  for (std::size_t i = 0; i != endpoints.size(); ++i) {
    Result<std::vector<ListeningSocket>> sockets = std::visit(Open{}, endpoints[i].where);
    if (!sockets) {
      if (log != nullptr) {
        log->write(LogLevel::error, std::visit(Name{}, endpoints[i].where) + ": " + sockets.error().message());
      }
      return sockets.error();
    }
    for (ListeningSocket& socket : *sockets) {
      socket.bound.endpoint = i;
      socket.proxy = endpoints[i].proxy;
      all.push_back(std::move(socket));
    }
  }
  return all;
}

}  // namespace hawser::server
