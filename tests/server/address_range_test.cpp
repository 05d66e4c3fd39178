#include "hawser/server/address_range.h"

#include <doctest/doctest.h>

#include <string>

#include "ip.h"

namespace hawser::test {

using server::AddressRange;

TEST_CASE("address range: what it contains, and what lies just outside") {
  struct Case {
    const char* range;
    const char* inside;
    const char* outside;
  };
  for (const Case& c :
       {Case{"192.0.2.7", "192.0.2.7", "192.0.2.8"}, Case{"10.0.0.0/8", "10.255.0.1", "11.0.0.0"},
        Case{"192.0.2.128/25", "192.0.2.255", "192.0.2.127"}, Case{"0.0.0.0/0", "203.0.113.9", "::1"},
        Case{"::/0", "2001:db8::1", "192.0.2.1"}, Case{"2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::"},
        Case{"::1", "::1", "::2"}, Case{"192.0.2.0/24", "::ffff:192.0.2.9", "::ffff:192.0.3.9"}}) {
    CAPTURE(c.range);
    const Result<AddressRange> range = AddressRange::parse(c.range);
    REQUIRE(range);
    CHECK(range->contains(ip(c.inside)));
    CHECK_FALSE(range->contains(ip(c.outside)));
  }
  CHECK(AddressRange::ipv4_loopback().contains(ip("127.1.2.3")));
  CHECK_FALSE(AddressRange::ipv4_loopback().contains(ip("128.0.0.1")));
  CHECK(AddressRange::ipv6_loopback().contains(ip("::1")));
}

TEST_CASE("address range: what is none is refused") {
  for (const char* text : {"", "example.org", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x",
                           "10.1.2.3/8", "2001:db8::1/64", "10.0.0/8", "/8"}) {
    CAPTURE(text);
    const Result<AddressRange> range = AddressRange::parse(text);
    REQUIRE_FALSE(range);
    CHECK(range.error().code() == Errc::bad_value);
  }
}

TEST_CASE("network of an address: prefixes of both families, mapped addresses are IPv4") {
  CHECK(server::network_of(ip("192.0.2.77"), 24, 64) == ip("192.0.2.0"));
  CHECK(server::network_of(ip("192.0.2.77"), 32, 64) == ip("192.0.2.77"));
  CHECK(server::network_of(ip("192.0.2.77"), 0, 64) == ip("0.0.0.0"));
  CHECK(server::network_of(ip("2001:db8:1:2:3:4:5:6"), 32, 64) == ip("2001:db8:1:2::"));
  CHECK(server::network_of(ip("2001:db8:1:2:3:4:5:6"), 32, 300) == ip("2001:db8:1:2:3:4:5:6"));
  CHECK(server::network_of(ip("::ffff:192.0.2.77"), 24, 64) == ip("192.0.2.0"));
}

}  // namespace hawser::test
