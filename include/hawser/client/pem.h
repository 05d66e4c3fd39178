// Private keys that have been through a configuration system which has no newlines.
#pragma once

#include <string>
#include <string_view>

namespace hawser::client {

// Between the two `-----BEGIN/END …-----` lines the one foreign character that stands for the newline (a space, `|`,
// ...), or CR LF, is made a newline; everything else stays. Throws std::invalid_argument where the text is not one PEM
// block, or two different characters stand for newlines, as in a text with headers (the traditional encrypted form).
std::string sanitize_pem(std::string_view text);

}  // namespace hawser::client
