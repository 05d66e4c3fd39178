#include "hawser/server/address_range.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace hawser::server {

namespace {

// Keeps the first `prefix` bits of an address in network byte order.
template <class AddressBytes>
AddressBytes masked(AddressBytes bytes, unsigned prefix) {
  for (std::size_t i = 0; i != bytes.size(); ++i) {
    const unsigned before = static_cast<unsigned>(i) * 8;
    const unsigned kept = prefix <= before ? 0 : std::min(prefix - before, 8u);
    bytes[i] = static_cast<unsigned char>(bytes[i] & (0xff00u >> kept));
  }
  return bytes;
}

}  // namespace

asio::ip::address plain_address(const asio::ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
}

asio::ip::address network_of(const asio::ip::address& address, unsigned ipv4_prefix, unsigned ipv6_prefix) {
  const asio::ip::address plain = plain_address(address);
  if (plain.is_v4()) return asio::ip::address_v4(masked(plain.to_v4().to_bytes(), ipv4_prefix));
  return asio::ip::address_v6(masked(plain.to_v6().to_bytes(), ipv6_prefix));
}

Result<AddressRange> AddressRange::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  std::error_code error;
  const asio::ip::address network = asio::ip::make_address(std::string(text.substr(0, slash)), error);
  if (error) return Error(Errc::bad_value, "the address of an address range");
  const unsigned longest = network.is_v4() ? 32 : 128;
  unsigned prefix = longest;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (failure != std::errc() || end != digits.data() + digits.size() || prefix > longest) {
      return Error(Errc::bad_value, "the prefix length of an address range");
    }
  }
  const AddressRange range(network, prefix);
  // "10.1.2.3/8" is more likely a slip of the pen than a way to write 10.0.0.0/8.
  if (network_of(network, prefix, prefix) != network) {
    return Error(Errc::bad_value, "an address range has bits behind its prefix");
  }
  return range;
}

AddressRange AddressRange::ipv4_loopback() { return {asio::ip::address_v4(0x7f000000), 8}; }
AddressRange AddressRange::ipv6_loopback() { return {asio::ip::address_v6::loopback(), 128}; }

bool AddressRange::contains(const asio::ip::address& address) const {
  return network_of(address, prefix_, prefix_) == network_;
}

}  // namespace hawser::server
