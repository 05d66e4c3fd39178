// The parts of a path, for those who look them up one by one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hawser::server {

inline constexpr int link_limit = 40;  // symbolic links in one lookup; that of Linux

// Puts the components of `path` on top of a stack, the first one last in `rest`. Empty ones and `.` are left out.
void push_components(std::vector<std::string>& rest, std::string_view path);

}  // namespace hawser::server
