// The `hawser` client commands against real servers: the program with the options that reach one.
#pragma once

#include <nlohmann/json.hpp>

#include "peers.h"

namespace hawser::test {

// A server, as a command line names it. Made from either peer.
struct Target {
  std::string user;
  int port = 0;
  std::string client_key, known_hosts;
  std::string here;           // a local folder to work in
  std::string there;          // the path of a folder on the server
  std::string there_locally;  // the same, as this process sees it

  explicit Target(const Sshd& sshd);
  explicit Target(const HawserServer& server);

  std::string url(const std::string& name = "") const;
  std::vector<std::string> command(std::string name, std::vector<std::string> arguments) const;
  Finished run(std::string name, std::vector<std::string> arguments) const;
  // Requires exit code 0; gives the output.
  std::string must(std::string name, std::vector<std::string> arguments) const;
  // The objects of the lines that are JSON.
  std::vector<nlohmann::json> json(std::string name, std::vector<std::string> arguments) const;
};

// Path and content of every file below, "path -> target" for links, "path/" for directories.
std::map<std::string, std::string> content_of(const std::string& folder);

}  // namespace hawser::test
