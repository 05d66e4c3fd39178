#include "own_home.h"

#include <pwd.h>
#include <unistd.h>

#include <stdexcept>

#include "process.h"

namespace hawser::test {
namespace {

std::string users_home() {
  const passwd* entry = ::getpwuid(::getuid());
  if (entry == nullptr) throw std::runtime_error("the current user has no home");
  return entry->pw_dir;
}

}  // namespace

bool can_have_own_home() {
  return ::geteuid() == 0 && run_command({in_own_home("/", {"true"}), {}, {}, {}}).exit_code == 0;
}

std::vector<std::string> in_own_home(const std::string& home, std::vector<std::string> arguments) {
  std::vector<std::string> all{"/usr/bin/unshare",
                               "--mount",
                               "/bin/sh",
                               "-c",
                               "mount --bind \"$1\" \"$2\" && shift 2 && exec \"$@\"",
                               "sh",
                               home,
                               users_home()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

}  // namespace hawser::test
