// How long a listener waits before it accepts again.
#pragma once

#include <chrono>

namespace hawser::server {

// With no file descriptor left, say, accepting fails at once, again and again; some connection will end.
inline constexpr std::chrono::milliseconds pause_after_failure{100};

}  // namespace hawser::server
