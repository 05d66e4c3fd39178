#include "client_address.h"

#include <netinet/in.h>

#include <cstring>

#include "hawser/server/address_range.h"

namespace hawser::server {

std::string address_text(const asio::ip::address& address, std::uint16_t port) {
  const std::string text = address.to_string();
  return (address.is_v6() ? "[" + text + "]" : text) + ":" + std::to_string(port);
}

std::optional<asio::ip::address> ip_of_text(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  std::error_code error;
  const asio::ip::address address = asio::ip::make_address(std::string(host), error);
  if (error) return std::nullopt;
  return address;
}

ClientAddress ClientAddress::of(const asio::ip::address& address, std::uint16_t port) {
  const asio::ip::address plain = plain_address(address);
  return {.ip = plain, .text = address_text(plain, port)};
}

ClientAddress ClientAddress::of(const sockaddr_storage& peer, const std::string& listener) {
  if (peer.ss_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &peer, sizeof v4);
    return of(asio::ip::address_v4(ntohl(v4.sin_addr.s_addr)), ntohs(v4.sin_port));
  }
  if (peer.ss_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &peer, sizeof v6);
    asio::ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return of(asio::ip::address_v6(bytes, v6.sin6_scope_id), ntohs(v6.sin6_port));
  }
  return {.ip = std::nullopt, .text = listener};
}

}  // namespace hawser::server
