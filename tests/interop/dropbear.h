// dropbear in the foreground on a free port, as root with a home of its own; it starts OpenSSH's sftp-server from where
// Debian expects it. The current user signs in.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "process.h"
#include "support/temporary_directory.h"

namespace hawser::test {

class Dropbear {
 public:
  static constexpr const char* program = "/usr/sbin/dropbear";
  static constexpr const char* sftp_server = "/usr/lib/openssh/sftp-server";

  // `authorized_keys`: the lines of the file. `host_keys`: files in dropbear's own form.
  Dropbear(const std::string& authorized_keys, const std::vector<std::string>& host_keys);
  int port() const { return port_; }
  std::string log() const { return server_->output(); }

 private:
  TemporaryDirectory folder_;
  int port_ = 0;
  std::unique_ptr<Background> server_;
};

// Makes a host key at `path`; gives its line as in a .pub file.
std::string make_dropbear_key(const std::string& path, const std::string& type);

}  // namespace hawser::test
