// The order of the two paths in SSH_FXP_SYMLINK, on which implementations disagree. filexfer-02 §6.10 sends linkpath
// first; OpenSSH sends the target first (OpenSSH PROTOCOL §4.1), and so does nearly everyone. A few follow OpenSSH only
// where the other side says that it is OpenSSH, and the draft with all others: with us.
#pragma once

#include <cstdint>
#include <string_view>

namespace hawser::sftp {

enum class SymlinkOrder : std::uint8_t {
  target_first,  // OpenSSH
  link_first,    // filexfer-02
};

// What a peer sends to, and expects from, a side that is not OpenSSH: by its identification, such as
// "SSH-2.0-AsyncSSH_2.10.1".
SymlinkOrder symlink_order_of(std::string_view identification);

}  // namespace hawser::sftp
