#include "client_commands.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

namespace hawser::test {
namespace fs = std::filesystem;

Target::Target(const Sshd& sshd)
    : user(current_user()),
      port(sshd.port()),
      client_key(sshd.client_key()),
      known_hosts(sshd.known_hosts()),
      here(sshd.folder() + "/here"),
      there(sshd.folder() + "/there"),
      there_locally(there) {
  fs::create_directories(here);
  fs::create_directories(there);
}

Target::Target(const HawserServer& server)
    : user("alice"),
      port(server.port()),
      client_key(server.client_key()),
      known_hosts(server.known_hosts()),
      here(server.folder() + "/here"),
      there("/there"),
      there_locally(server.root() + "/there") {
  fs::create_directories(here);
  fs::create_directories(there_locally);
}

std::string Target::url(const std::string& name) const {
  return "sftp://" + user + "@127.0.0.1:" + std::to_string(port) + there + (name.empty() ? "" : "/" + name);
}

std::vector<std::string> Target::command(std::string name, std::vector<std::string> arguments) const {
  std::vector<std::string> all{hawser_program(), std::move(name), "--identity",
                               client_key,       "--known-hosts", known_hosts};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

Finished Target::run(std::string name, std::vector<std::string> arguments) const {
  return run_command({command(std::move(name), std::move(arguments)), {}, {}, here});
}

std::string Target::must(std::string name, std::vector<std::string> arguments) const {
  const Finished finished = run(std::move(name), std::move(arguments));
  INFO(finished.output);
  REQUIRE(finished.exit_code == 0);
  return finished.output;
}

std::vector<nlohmann::json> Target::json(std::string name, std::vector<std::string> arguments) const {
  arguments.push_back("--json");
  std::istringstream lines(run(std::move(name), std::move(arguments)).output);
  std::vector<nlohmann::json> objects;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('{')) objects.push_back(nlohmann::json::parse(line));
  }
  return objects;
}

std::map<std::string, std::string> content_of(const std::string& folder) {
  std::map<std::string, std::string> content;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = fs::relative(entry.path(), folder).string();
    if (entry.is_symlink()) {
      content[path + " -> " + fs::read_symlink(entry.path()).string()];
    } else if (entry.is_directory()) {
      content[path + "/"];
    } else {
      content[path] = read_file(entry.path().string());
    }
  }
  return content;
}

}  // namespace hawser::test
