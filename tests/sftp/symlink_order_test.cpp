#include <doctest/doctest.h>

#include "hawser/sftp/symlink_order.h"

using namespace hawser;
using sftp::SymlinkOrder;

TEST_CASE(
    "[CVE-2023-25136] SYMLINK: peers that look for OpenSSH keep the draft's order with us, all others send the target "
    "first (OpenSSH PROTOCOL §4.1)") {
  struct Row {
    const char* identification;
    SymlinkOrder order;
  };
  for (const Row& row : {
           Row{"SSH-2.0-AsyncSSH_2.10.1", SymlinkOrder::link_first},
           Row{"SSH-2.0-ssh2js1.15.0", SymlinkOrder::link_first},
           Row{"SSH-2.0-libssh_0.10.6", SymlinkOrder::link_first},
           Row{"SSH-2.0-libssh-0.6.0", SymlinkOrder::link_first},
           Row{"SSH-2.0-libssh2_1.10.0", SymlinkOrder::target_first},
           Row{"SSH-2.0-OpenSSH_9.2p1 Debian-2", SymlinkOrder::target_first},
           Row{"SSH-2.0-paramiko_2.12.0", SymlinkOrder::target_first},
           Row{"SSH-2.0-Hawser_0.1", SymlinkOrder::target_first},
           Row{"SSH-2.0-Go", SymlinkOrder::target_first},
           Row{"", SymlinkOrder::target_first},
       }) {
    CAPTURE(row.identification);
    CHECK(sftp::symlink_order_of(row.identification) == row.order);
  }
}
