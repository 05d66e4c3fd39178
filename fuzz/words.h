// The names that the protocol knows, from the tables and message definitions of the library: what dictionaries are made
// of, and what mutations put where a name is expected.
#pragma once

#include <string>
#include <vector>

namespace hawser::fuzz {

struct Words {
  std::vector<std::string> algorithms;  // of KEXINIT, signatures and EXT_INFO
  std::vector<std::string> userauth;    // services and methods
  std::vector<std::string> channel;     // channel types, requests, global requests, subsystems, signals
  std::vector<std::string> sftp;        // extensions, paths of the harness
  std::vector<std::string> all;
};

const Words& words();

}  // namespace hawser::fuzz
