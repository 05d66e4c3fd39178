// Patterns in remote paths, as a shell has them (POSIX.1 2.13): `*`, `?` and `[...]` within one component; a name that
// begins with a dot is fitted only by a pattern that does; a backslash takes the next character as it is.
#pragma once

#include <string>

namespace hawser::tools {

bool has_pattern(const std::string& text);

// Whether a file name, without `/`, fits the pattern of one component.
bool fits(const std::string& pattern, const std::string& name);

}  // namespace hawser::tools
