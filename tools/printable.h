// Names for a terminal: what a server calls a file must not move the cursor, change colours or turn the line around.
#pragma once

#include <string>
#include <string_view>

namespace hawser::tools {

// UTF-8 as it stands; control characters, those that change the direction of writing, and bytes that are not UTF-8 as
// \xNN.
std::string printable(std::string_view text);

// At least as many columns as a terminal takes for a printable text: what may be wide counts as two.
std::size_t columns(std::string_view text);

// The end of a printable text in at most `width` columns, behind "..." where something is missing.
std::string shortened(std::string_view text, std::size_t width);

}  // namespace hawser::tools
