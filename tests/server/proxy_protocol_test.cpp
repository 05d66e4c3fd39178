// The PROXY protocol, versions 1 and 2 (HAProxy, "The PROXY protocol").
#include "server/proxy_protocol.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace hawser::test {

using server::ProxyHeader;
using server::ProxyHeaderParser;

namespace {

constexpr std::string_view signature = "\r\n\r\n\0\r\nQUIT\n";

struct Parsed {
  Result<std::optional<ProxyHeader>> header;
  std::size_t read;  // of the stream
};

// Reads as a socket would give: at most `step` bytes at once, and never more than the parser wants.
Parsed parse(std::string_view stream, std::size_t step) {
  ProxyHeaderParser parser;
  std::size_t at = 0;
  while (at != stream.size()) {
    const std::size_t count = std::min({step, parser.wanted(), stream.size() - at});
    auto header = parser.receive(as_bytes(stream.substr(at, count)));
    at += count;
    if (!header || *header) return {header, at};
  }
  return {std::optional<ProxyHeader>(), at};
}

std::string binary(char version_command, char family, std::string body) {
  std::string out(std::string_view(signature.data(), 12));
  out += version_command;
  out += family;
  out += static_cast<char>(body.size() >> 8);
  out += static_cast<char>(body.size() & 0xff);
  return out + body;
}

const std::string ipv4_body = std::string("\xc0\x00\x02\x01\xc6\x33\x64\x02", 8) + std::string("\xc3\x66\x00\x16", 4);
const std::string ipv6_body = std::string("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07", 16) + std::string(15, '\0') +
                              std::string("\x01\x04\x57\x08\xae", 5);

}  // namespace

TEST_CASE("PROXY protocol: headers of both versions, however they are cut, and not a byte behind them is read") {
  struct Case {
    std::string header;
    const char* source;  // null: the socket's own address
    unsigned port;
  };
  const std::string tlvs = std::string("\x01\x00\x02h2\x04\x00\x01\x00", 9);
  const std::vector<Case> cases{
      {"PROXY TCP4 192.0.2.1 198.51.100.2 50022 22\r\n", "192.0.2.1", 50022},
      {"PROXY TCP6 2001:db8::7 ::1 1 65535\r\n", "2001:db8::7", 1},
      {"PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255", 65535},
      {"PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
       "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535},
      {"PROXY UNKNOWN\r\n", nullptr, 0},
      // The longest line of all, 107 bytes (§2.1).
      {"PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
       nullptr, 0},
      {binary('\x21', '\x11', ipv4_body), "192.0.2.1", 50022},
      {binary('\x21', '\x11', ipv4_body + tlvs), "192.0.2.1", 50022},
      {binary('\x21', '\x11', ipv4_body + std::string(4096 - 12, 'x')), "192.0.2.1", 50022},
      {binary('\x21', '\x21', ipv6_body), "2001:db8::7", 1111},
      {binary('\x20', '\x00', ""), nullptr, 0},         // LOCAL
      {binary('\x20', '\x11', ipv4_body), nullptr, 0},  // LOCAL: whatever the addresses say
      {binary('\x20', '\x11', ""), nullptr, 0},         // and whether they are there
      {binary('\x21', '\x00', ""), nullptr, 0},         // UNSPEC
      {binary('\x21', '\x00', "anything"), nullptr, 0},
      {binary('\x21', '\x12', ipv4_body), nullptr, 0},              // UDP
      {binary('\x21', '\x31', std::string(216, 'p')), nullptr, 0},  // Unix
      {binary('\x21', '\x51', "?"), nullptr, 0},                    // no family yet
  };
  for (const Case& c : cases) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{5000}}) {
      CAPTURE(c.header);
      CAPTURE(step);
      const Parsed parsed = parse(c.header + "SSH-2.0-client\r\n", step);
      REQUIRE(parsed.header);
      REQUIRE(parsed.header->has_value());
      CHECK(parsed.read == c.header.size());
      const ProxyHeader& header = **parsed.header;
      CHECK(header.source.has_value() == (c.source != nullptr));
      if (c.source != nullptr && header.source) CHECK(header.source->to_string() == c.source);
      CHECK(header.source_port == c.port);
    }
  }
}

TEST_CASE("[proxy-header] PROXY protocol: a header that breaks a rule is refused, and stays refused") {
  struct Case {
    std::string header;
    Errc error;
  };
  const std::vector<Case> cases{
      {"SSH-2.0-OpenSSH_9.2p1\r\n", Errc::bad_value},
      {"proxy UNKNOWN\r\n..", Errc::bad_value},
      {"PROXY TCP4 192.0.2.1 198.51.100.2 50022\r\n", Errc::bad_value},
      {"PROXY TCP4 192.0.2.1 198.51.100.2 50022 22 1\r\n", Errc::bad_value},
      {"PROXY TCP4 192.0.2.1 198.51.100.2 050022 22\r\n", Errc::bad_value},
      {"PROXY TCP4 192.0.2.1 198.51.100.2 65536 22\r\n", Errc::bad_value},
      {"PROXY TCP4 192.0.2.1 198.51.100.2 -1 22\r\n", Errc::bad_value},
      {"PROXY TCP4 192.0.2.1 198.51.100.2 +1 22\r\n", Errc::bad_value},
      {"PROXY TCP4  192.0.2.1 198.51.100.2 1 22\r\n", Errc::bad_value},
      {"PROXY TCP4 192.0.2.256 198.51.100.2 1 22\r\n", Errc::bad_value},
      {"PROXY TCP4 2001:db8::7 ::1 1 22\r\n", Errc::bad_value},
      {"PROXY TCP6 192.0.2.1 198.51.100.2 1 22\r\n", Errc::bad_value},
      {"PROXY TCP6 fe80::1%eth0 ::1 1 22\r\n", Errc::bad_value},
      {"PROXY TCP5 192.0.2.1 198.51.100.2 1 22\r\n", Errc::bad_value},
      {"PROXY TCP4 192.0.2.1 198.51.100.2 1 22 \r\n", Errc::bad_value},
      {"PROXY UNKNOWN" + std::string(200, ' ') + "\r\n", Errc::packet_too_large},
      {std::string(200, '\0'), Errc::bad_value},
      {binary('\x31', '\x11', ipv4_body), Errc::bad_value},  // version 3
      {binary('\x11', '\x11', ipv4_body), Errc::bad_value},  // version 1 in the form of 2
      {binary('\x22', '\x11', ipv4_body), Errc::bad_value},  // neither LOCAL nor PROXY
      {binary('\x21', '\x11', ipv4_body.substr(1)), Errc::bad_value},
      {binary('\x21', '\x21', ipv6_body.substr(1)), Errc::bad_value},
      {binary('\x21', '\x11', std::string(4097, 'x')), Errc::packet_too_large},
      {binary('\x21', '\x11', std::string(65535, 'x')), Errc::packet_too_large},
  };
  for (const Case& c : cases) {
    CAPTURE(c.header);
    for (const std::size_t step : {std::size_t{1}, std::size_t{5000}}) {
      const Parsed parsed = parse(c.header, step);
      REQUIRE_FALSE(parsed.header);
      CHECK(parsed.header.error().code() == c.error);
      CHECK(parsed.read <= ProxyHeaderParser::longest_line);
    }
  }
  ProxyHeaderParser parser;
  REQUIRE_FALSE(parser.receive(as_bytes("SSH-2.0")));
  CHECK(parser.wanted() == 0);
  CHECK(parser.receive({}).error().code() == Errc::bad_value);
}

TEST_CASE("PROXY protocol: a header that is cut anywhere is waited for") {
  for (const std::string& header : {std::string("PROXY TCP4 192.0.2.1 198.51.100.2 50022 22\r\n"),
                                    binary('\x21', '\x11', ipv4_body), binary('\x21', '\x21', ipv6_body + "tlv")}) {
    for (std::size_t size = 0; size != header.size(); ++size) {
      const Parsed parsed = parse(header.substr(0, size), 5000);
      REQUIRE(parsed.header);
      CHECK_FALSE(parsed.header->has_value());
    }
  }
}

}  // namespace hawser::test
