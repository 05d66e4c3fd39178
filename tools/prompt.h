#pragma once

#include <optional>
#include <string>

#include "hawser/net/awaitable.h"

namespace hawser::tools {

// Whether there is someone to ask: a terminal, and standard input or standard error is one.
bool has_terminal();
// Asks on the terminal, while the event loop goes on; nullopt where there is none, or the answer is the end of its
// input. With `echo` the answer shows while it is typed. However it ends, the terminal is as it was.
net::Awaitable<std::optional<std::string>> ask_at_terminal(std::string question, bool echo = false);
// The same for a command without an event loop. SIGINT, SIGTERM and SIGHUP end the program, as they would anyway, once
// the terminal is as it was.
std::optional<std::string> ask_and_wait(const std::string& question);
// Says something there, and nothing where there is none.
void show_at_terminal(const std::string& text);

}  // namespace hawser::tools
