// sftp://user@host:port/path, as the programs take it on their command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hawser/wire/result.h"

namespace hawser::client {

struct Url {
  std::optional<std::string> user;
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 22;
  // Absolute. What follows "/./" or "/~/" is relative to the directory that the session starts in; empty, as without
  // any path, is that directory itself.
  std::string path;

  friend bool operator==(const Url&, const Url&) = default;
};

// %XX is decoded in user and path. Refused with Errc::invalid_argument and a text that names the part: another scheme,
// a password (it would show in the list of processes), host and user names that valid_host_name and valid_user_name
// refuse, a port outside of 1..65535, a NUL.
Result<Url> parse_url(std::string_view text);

}  // namespace hawser::client
