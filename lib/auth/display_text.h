// Text from a server that a user is to see (RFC 4251 §9.2, RFC 4252 §5.4): lines and UTF-8 stay, everything that could
// steer a terminal is shown as \xNN.
#pragma once

#include <string>
#include <string_view>

namespace hawser::auth {

std::string display_text(std::string_view text);

}  // namespace hawser::auth
