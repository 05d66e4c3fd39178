// What both sides know of messages that come in pieces.
#pragma once

#include <cstddef>

namespace hawser::sftp {

inline constexpr std::size_t type_and_id = 5;    // the head of every message
inline constexpr std::size_t spare_chains = 64;  // kept for the pieces of the next ones

}  // namespace hawser::sftp
