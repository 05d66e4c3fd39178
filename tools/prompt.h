#pragma once

#include <optional>
#include <string>

namespace hawser::tools {

// Asks on the terminal without echo; nullopt where there is no terminal.
std::optional<std::string> ask_password(const std::string& question);

}  // namespace hawser::tools
