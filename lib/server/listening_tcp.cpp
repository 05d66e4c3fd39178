// Listening on a name or an address of this host.
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "client_address.h"
#include "listening_socket.h"

namespace hawser::server {

namespace {

using Addresses = std::vector<sockaddr_storage>;

Result<Addresses> resolve(const std::string& name) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  const bool all = name.empty() || name == "*";
  if (::getaddrinfo(all ? nullptr : name.c_str(), "0", &hints, &first) != 0) {
    return Error(Errc::host_not_found, "the address to listen on");
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(first, &::freeaddrinfo);
  Addresses found;
  for (const addrinfo* entry = first; entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6) continue;
    sockaddr_storage address{};
    std::memcpy(&address, entry->ai_addr, std::min<std::size_t>(entry->ai_addrlen, sizeof address));
    // A name that stands in /etc/hosts twice gives an address twice.
    const bool known = std::ranges::any_of(
        found, [&](const sockaddr_storage& other) { return std::memcmp(&other, &address, sizeof address) == 0; });
    if (!known) found.push_back(address);
  }
  if (found.empty()) return Error(Errc::host_not_found, "the address to listen on");
  return found;
}

void set_port(sockaddr_storage& address, std::uint16_t port) {
  if (address.ss_family == AF_INET) reinterpret_cast<sockaddr_in&>(address).sin_port = htons(port);
  if (address.ss_family == AF_INET6) reinterpret_cast<sockaddr_in6&>(address).sin6_port = htons(port);
}

// errno where it fails.
struct Attempt {
  ListeningSocket socket;
  int error = 0;
};

Attempt listen_at(const sockaddr_storage& address) {
  Attempt out;
  out.socket.descriptor = Descriptor(::socket(address.ss_family, SOCK_STREAM, 0));
  const int fd = out.socket.descriptor.get();
  const int on = 1;
  const bool ipv6 = address.ss_family == AF_INET6;
  // IPv6 sockets are of IPv6 only: "0.0.0.0" and "::" can then share a port, whatever the system's default is.
  const bool ready =
      fd >= 0 && ::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && ::fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
      ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
      (!ipv6 || ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0) &&
      ::bind(fd, reinterpret_cast<const sockaddr*>(&address), ipv6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in)) == 0 &&
      ::listen(fd, SOMAXCONN) == 0;
  if (!ready) {
    out.error = errno;
    return out;
  }
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    out.error = errno;
    return out;
  }
  out.socket.bound.address = ClientAddress::of(bound, {}).text;
  out.socket.bound.port = ntohs(ipv6 ? reinterpret_cast<const sockaddr_in6&>(bound).sin6_port
                                     : reinterpret_cast<const sockaddr_in&>(bound).sin_port);
  return out;
}

// A family that this host has no address of does not keep the other from being served.
bool family_is_missing(int error) { return error == EAFNOSUPPORT || error == EADDRNOTAVAIL; }

}  // namespace

Result<std::vector<ListeningSocket>> listen_on(const TcpEndpoint& endpoint) {
  const Result<Addresses> addresses = resolve(endpoint.address);
  if (!addresses) return addresses.error();
  // A free port of the first address may be taken at the next: then another one is tried.
  for (int attempts_left = endpoint.port == 0 ? 16 : 1;; --attempts_left) {
    std::vector<ListeningSocket> sockets;
    std::uint16_t port = endpoint.port;
    int failure = 0;
    int missing = 0;
    for (sockaddr_storage address : *addresses) {
      set_port(address, port);
      Attempt attempt = listen_at(address);
      if (attempt.error == 0) {
        port = attempt.socket.bound.port;
        sockets.push_back(std::move(attempt.socket));
      } else if (family_is_missing(attempt.error)) {
        missing = attempt.error;
      } else {
        failure = attempt.error;
        break;
      }
    }
    if (failure == 0 && sockets.empty()) failure = missing;
    if (failure == 0) return sockets;
    if (failure != EADDRINUSE || attempts_left == 1) return listen_error(failure);
  }
}

}  // namespace hawser::server
