// The header that a proxy puts before a client's bytes, to tell whose they are (HAProxy's "The PROXY protocol",
// versions 1 and 2), sans I/O.
//
//   ProxyHeaderParser parser;
//   while (true) {
//     read up to parser.wanted() bytes;                 // never a byte behind the header
//     Result<std::optional<ProxyHeader>> header = parser.receive(bytes);
//     if (!header) close; else if (*header) break;
//   }
#pragma once

#include <array>
#include <asio/ip/address.hpp>
#include <optional>

#include "hawser/wire/bytes.h"
#include "hawser/wire/result.h"

namespace hawser::server {

struct ProxyHeader {
  // Nothing: the socket's own address is the client's. So it is for the proxy's own connections (LOCAL, UNKNOWN), and
  // for families that are not IP over a stream.
  std::optional<asio::ip::address> source;
  std::uint16_t source_port = 0;
};

class ProxyHeaderParser {
 public:
  // How many bytes may be read next without reading behind the header; 0 when it is complete, or broken.
  std::size_t wanted() const { return wanted_; }
  // At most `wanted()` bytes. The header, once it is complete. Errors, which stay: bad_value, packet_too_large.
  Result<std::optional<ProxyHeader>> receive(Bytes bytes);

  static constexpr std::size_t longest_line = 107;   // §2.1, version 1, with CR LF
  static constexpr std::size_t longest_body = 4096;  // ours, of version 2 with its TLVs; the length field allows 65,535
  static constexpr std::size_t longest_read = 256;

 private:
  using Outcome = Result<std::optional<ProxyHeader>>;

  Outcome progress();
  Outcome progress_line();
  Outcome progress_binary();
  Outcome fail(Errc code, const char* where);
  Bytes seen() const { return Bytes(kept_).first(kept_size_); }

  // Of version 1 the line, of version 2 all that anybody looks at; TLVs are only counted.
  std::array<std::uint8_t, 108> kept_{};
  std::size_t kept_size_ = 0;
  std::size_t size_ = 0;  // received so far
  // The shortest headers have 15 bytes (version 1: "PROXY UNKNOWN" CR LF) and 16.
  std::size_t wanted_ = 15;
  Error failure_{Errc::ok};
};

}  // namespace hawser::server
