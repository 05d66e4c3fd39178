#include "hawser/sftp/symlink_order.h"

#include <algorithm>

namespace hawser::sftp {
namespace {

// AsyncSSH, ssh2 of npm, libssh: each looks for "OpenSSH" in the other side's identification.
constexpr std::string_view follow_the_draft[] = {"AsyncSSH_", "ssh2js", "libssh_", "libssh-"};

}  // namespace

SymlinkOrder symlink_order_of(std::string_view identification) {
  constexpr std::string_view version = "SSH-2.0-";
  if (!identification.starts_with(version)) return SymlinkOrder::target_first;
  const std::string_view software = identification.substr(version.size());
  const bool draft =
      std::ranges::any_of(follow_the_draft, [&](std::string_view name) { return software.starts_with(name); });
  return draft ? SymlinkOrder::link_first : SymlinkOrder::target_first;
}

}  // namespace hawser::sftp
