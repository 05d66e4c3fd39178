#pragma once

#include <chrono>
#include <cstdint>

namespace hawser {

enum class Role : std::uint8_t { client, server };

inline constexpr Role other(Role role) { return role == Role::client ? Role::server : Role::client; }

// The core has no clock: drivers tell the time. Steady, so that it never jumps.
using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

}  // namespace hawser
