#pragma once

#include <optional>
#include <string>

namespace hawser::tools {

// Whether there is someone to ask: a terminal, and standard input or standard error is one.
bool has_terminal();
// Asks on the terminal; nullopt where there is none. With `echo` the answer shows while it is typed.
std::optional<std::string> ask_at_terminal(const std::string& question, bool echo = false);
// Says something there, and nothing where there is none.
void show_at_terminal(const std::string& text);

}  // namespace hawser::tools
