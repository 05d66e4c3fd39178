// What a client says of its terminal (RFC 4254 §6.2).
#pragma once

#include <string>
#include <vector>

#include "hawser/channel/pty_modes.h"

namespace hawser::channel {

// Zero is "not known"; where both are, characters count more than pixels.
struct TerminalSize {
  std::uint32_t columns = 0;
  std::uint32_t rows = 0;
  std::uint32_t width_pixels = 0;
  std::uint32_t height_pixels = 0;
  friend bool operator==(const TerminalSize&, const TerminalSize&) = default;
};

struct Terminal {
  std::string term;  // the TERM of the client's environment, such as "xterm-256color"
  TerminalSize size;
  std::vector<PtyMode> modes;
};

}  // namespace hawser::channel
