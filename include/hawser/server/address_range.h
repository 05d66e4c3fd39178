// A set of IP addresses, "192.0.2.0/24", "2001:db8::/32" or one address: who is trusted, who is exempt.
#pragma once

#include <asio/ip/address.hpp>
#include <string_view>

#include "hawser/wire/result.h"

namespace hawser::server {

// An IPv4 address that came in IPv6 clothes (::ffff:192.0.2.1, RFC 4291 §2.5.5.2) is the IPv4 address.
asio::ip::address plain_address(const asio::ip::address& address);
// The first `prefix` bits (0 to 32 for IPv4, 0 to 128 for IPv6; more means all), the rest 0.
asio::ip::address network_of(const asio::ip::address& address, unsigned ipv4_prefix, unsigned ipv6_prefix);

class AddressRange {
 public:
  // Errors: bad_value, where the text is no address, the prefix too long, or bits behind the prefix are not 0.
  static Result<AddressRange> parse(std::string_view text);
  static AddressRange ipv4_loopback();  // 127.0.0.0/8
  static AddressRange ipv6_loopback();  // ::1

  bool contains(const asio::ip::address& address) const;

 private:
  AddressRange(asio::ip::address network, unsigned prefix) : network_(network), prefix_(prefix) {}
  asio::ip::address network_;
  unsigned prefix_;
};

}  // namespace hawser::server
