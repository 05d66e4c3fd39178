// Where a connection comes from, for limits and for people.
#pragma once

#include <sys/socket.h>

#include <asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace hawser::server {

struct ClientAddress {
  std::optional<asio::ip::address> ip;  // none: a Unix socket
  std::string text;                     // "192.0.2.1:50022", "[2001:db8::1]:50022", "unix:/run/sftp"

  static ClientAddress of(const asio::ip::address& address, std::uint16_t port);
  // As accept(2) gives it; `listener` is what a client without an address of its own is called after.
  static ClientAddress of(const sockaddr_storage& peer, const std::string& listener);
};

// "192.0.2.1:22", "[2001:db8::1]:22"
std::string address_text(const asio::ip::address& address, std::uint16_t port);

// Back from there; nullopt: it is no IP address.
std::optional<asio::ip::address> ip_of_text(std::string_view address_and_port);

}  // namespace hawser::server
