// The parts of a path, for those who look them up one by one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hawser::server {

// In one lookup:
inline constexpr int link_limit = 40;         // symbolic links; that of Linux
inline constexpr int step_limit = 16 * 1024;  // components; links that go up and down would have far more

// Puts the components of `path` on top of a stack, the first one last in `rest`. Empty ones and `.` are left out.
void push_components(std::vector<std::string>& rest, std::string_view path);

}  // namespace hawser::server
