// Where a server listens: addresses, Unix sockets, and sockets that somebody else has opened. Values; nothing is opened
// before SSHServerManager::start.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "hawser/server/address_range.h"

namespace hawser::server {

struct TcpEndpoint {
  // A name or an address of this host; a name is all the addresses it stands for, on one port. "0.0.0.0" is all of
  // IPv4, "::" all of IPv6 and nothing else, "*" both.
  std::string address = "127.0.0.1";
  std::uint16_t port = 22;  // 0: a free one, see SSHServerManager::endpoints
};

struct UnixEndpoint {
  // A socket that is there already and that nobody listens on is replaced, anything else is not touched. The socket
  // goes when the manager stops.
  std::string path;
  std::uint32_t mode = 0600;  // who may connect
};

// A listening stream socket. The manager works on a duplicate; this descriptor stays its owner's, also to close.
struct OpenSocket {
  int descriptor = -1;
  std::string name;  // for messages
};

// The client's address comes in a header before the first byte of SSH, from a proxy (HAProxy's PROXY protocol, versions
// 1 and 2). Where it is required, a connection without a valid header is closed, and so is one from an address that is
// not trusted: whoever can send the header can be anybody.
struct ProxyProtocol {
  bool required = false;
  std::vector<AddressRange> trusted;  // empty: every address. Unix sockets are always trusted: their mode decides.
};

struct Endpoint {
  std::variant<TcpEndpoint, UnixEndpoint, OpenSocket> where;
  ProxyProtocol proxy;
};

// One socket that a running manager listens on.
struct BoundEndpoint {
  std::size_t endpoint = 0;  // which of the options' it comes from
  std::string address;       // "127.0.0.1:2222", "[::1]:2222", "unix:/run/sftp"
  std::uint16_t port = 0;    // 0: not TCP
};

// The sockets that the service manager has opened for this process (systemd's socket activation: LISTEN_PID,
// LISTEN_FDS, LISTEN_FDNAMES), as OpenSocket endpoints; empty where it has opened none. From now on they are closed in
// programs that this one starts. Errors: bad_value, where a variable is not what sd_listen_fds(3) says.
Result<std::vector<Endpoint>> activated_endpoints();

}  // namespace hawser::server
