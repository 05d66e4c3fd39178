#include "hawser/client/url.h"

#include <algorithm>
#include <charconv>

#include "hawser/client/host_name.h"

namespace hawser::client {
namespace {

Error bad(const char* part) { return Error(Errc::invalid_argument, part); }

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned value = 0;
    const char* const digits = text.data() + i + 1;
    if (text.size() - i < 3 || std::from_chars(digits, digits + 2, value, 16).ptr != digits + 2) return std::nullopt;
    out += static_cast<char>(value);
    i += 2;
  }
  if (out.find('\0') != std::string::npos) return std::nullopt;
  return out;
}

Result<std::uint16_t> parse_port(std::string_view text) {
  unsigned value = 0;
  const char* const end = text.data() + text.size();
  if (text.empty() || std::from_chars(text.data(), end, value).ptr != end || value == 0 || value > 65535)
    return bad("port");
  return static_cast<std::uint16_t>(value);
}

// host, host:port, [address] or [address]:port
Result<void> parse_authority(std::string_view text, Url& url) {
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || !valid_host_name(text.substr(1, end - 1))) return bad("host");
    url.host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    has_port = text.starts_with(':');
    if (!has_port && !text.empty()) return bad("host");
    if (has_port) port = text.substr(1);
  } else {
    const std::size_t colon = text.find(':');
    has_port = colon != std::string_view::npos;
    if (has_port) port = text.substr(colon + 1);
    if (!valid_host_name(text.substr(0, colon))) return bad("host");
    url.host = text.substr(0, colon);
  }
  if (!has_port) return {};
  const Result<std::uint16_t> number = parse_port(port);
  if (!number) return number.error();
  url.port = *number;
  return {};
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  constexpr std::string_view scheme = "sftp://";
  if (!text.starts_with(scheme)) return bad("scheme: sftp:// is needed");
  text.remove_prefix(scheme.size());
  const std::size_t slash = text.find('/');
  std::string_view authority = text.substr(0, slash);
  const std::string_view path = slash == std::string_view::npos ? std::string_view() : text.substr(slash);

  Url url;
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    if (user.find(':') != std::string_view::npos) return bad("user: a password does not belong into a URL");
    url.user = percent_decode(user);
    if (!url.user || !valid_user_name(*url.user)) return bad("user");
    authority.remove_prefix(at + 1);
  }
  if (const Result<void> parsed = parse_authority(authority, url); !parsed) return parsed.error();
  std::optional<std::string> decoded = percent_decode(path);
  if (!decoded) return bad("path");
  url.path = std::move(*decoded);
  if (url.path.starts_with("/./") || url.path.starts_with("/~/")) {
    url.path.erase(0, 3);
    // "/.//etc" is still meant to stay relative.
    url.path.erase(0, std::min(url.path.find_first_not_of('/'), url.path.size()));
  } else if (url.path == "/." || url.path == "/~") {
    url.path.clear();
  }
  return url;
}

}  // namespace hawser::client
