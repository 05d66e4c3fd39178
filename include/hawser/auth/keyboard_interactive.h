// What both sides of keyboard-interactive (RFC 4256) share.
#pragma once

#include <cstddef>
#include <string>

namespace hawser::auth {

// One question of an INFO_REQUEST.
struct Prompt {
  std::string text;   // UTF-8
  bool echo = false;  // whether the answer may be shown while it is typed
};

inline constexpr std::size_t prompt_limit = 100;              // in one INFO_REQUEST; OpenSSH's client takes as many
inline constexpr std::size_t info_message_limit = 64 * 1024;  // bytes of one INFO_REQUEST or INFO_RESPONSE
inline constexpr std::size_t info_request_limit = 32;         // rounds that a client takes part in

}  // namespace hawser::auth
