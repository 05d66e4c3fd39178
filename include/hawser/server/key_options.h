// The options in front of a key in authorized_keys (sshd(8), AUTHORIZED_KEYS FILE FORMAT), as far as a server here can
// hold a client to them: from, expiry-time, restrict, and [no-]pty, [no-]port-forwarding, [no-]agent-forwarding,
// [no-]X11-forwarding, [no-]user-rc. Any other option, such as command="...", makes the whole text an error: to drop it
// would let in more than the owner of the key meant.
#pragma once

#include <asio/ip/address.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hawser/server/address_range.h"
#include "hawser/wire/result.h"

namespace hawser::server {

class KeyOptions {
 public:
  // Without any option.
  KeyOptions() = default;
  // `text` ends where the key's type begins. Errors: unsupported for a known or unknown option that cannot be
  // enforced, bad_value where one is not well-formed, or is a host name in `from`: names are not looked up.
  static Result<KeyOptions> parse(std::string_view text);

  // May the key be used from here (nullopt: a client without an IP address), and now, in seconds since 1970?
  bool allows(const std::optional<asio::ip::address>& from, std::int64_t now) const;

  // What the session may have. They bite where somebody asks: see AuthorizedKeys::find.
  bool pty = true;
  bool port_forwarding = true;
  bool agent_forwarding = true;
  bool x11_forwarding = true;
  bool user_rc = true;  // nothing here runs ~/.ssh/rc

 private:
  // One entry of a pattern list: a range, or a pattern over the address as text.
  struct From {
    std::optional<AddressRange> range;
    std::string pattern;
    bool negated = false;
  };
  Result<void> add(std::string_view name, std::optional<std::string_view> value);
  Result<void> add_from(std::string_view list);
  Result<void> add_expiry(std::string_view time);
  bool comes_from_there(const std::optional<asio::ip::address>& address) const;

  std::optional<std::vector<From>> from_;
  std::optional<std::int64_t> expiry_;
};

}  // namespace hawser::server
