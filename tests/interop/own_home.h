// For servers that look for a user's keys in the home directory and nowhere else: they run as root with a mount of
// their own, where the home of the current user is another folder.
#pragma once

#include <string>
#include <vector>

namespace hawser::test {

// False where mounts are not allowed; a test says so and goes on.
bool can_have_own_home();
// The command that runs `arguments` with `home` in the place of the current user's.
std::vector<std::string> in_own_home(const std::string& home, std::vector<std::string> arguments);

}  // namespace hawser::test
