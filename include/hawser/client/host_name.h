// Names that come from outside (a URL, a configuration) and go where other programs read them: command lines,
// known_hosts files.
#pragma once

#include <string_view>

namespace hawser::client {

// Letters, digits, `.`, `-`, `_`, and `:` and `%` for an address with its zone; not empty, no `-` in front, at most 255
// bytes.
bool valid_host_name(std::string_view host);

// Anything but blanks, control bytes and what a shell takes for its own; not empty, no `-` in front, at most 255 bytes.
bool valid_user_name(std::string_view user);

}  // namespace hawser::client
