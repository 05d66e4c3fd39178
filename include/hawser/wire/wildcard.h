// Patterns of known_hosts, authorized_keys and their like (ssh_config(5), PATTERNS).
#pragma once

#include <string_view>

namespace hawser::wire {

// Whether `text` fits the pattern, where `*` is any run of characters and `?` any one. Takes at most |pattern| × |text|
// steps.
bool wildcard_match(std::string_view pattern, std::string_view text);

}  // namespace hawser::wire
