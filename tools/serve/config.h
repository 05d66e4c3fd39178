// What `hawser serve --config` reads: the file, checked and in our types. Nothing is opened yet.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hawser/server/ssh_server_manager.h"

namespace hawser::tools {

// What a user sees. Each user has all of it: what the user's table does not say is from [defaults].
struct FilesConfig {
  std::string root;  // %u is the user's name
  bool create = false;
  bool read_only = false;
  std::uint64_t quota_bytes = 0;  // 0: without limit
  std::uint64_t quota_files = 0;
  std::uint32_t umask = 0;
  std::string start_directory = "/";
};

struct UserConfig {
  std::string name;
  std::string where;     // "serve.toml:12", for messages
  std::string password;  // an argon2id hash; empty: none
  std::vector<std::string> authorized_keys;
  std::string authorized_keys_file;
  FilesConfig files;
};

struct ServeConfig {
  // Everything but the host keys. Endpoints that systemd opens are added at the start.
  server::SSHServerOptions listen;
  bool systemd_sockets = false;
  server::ProxyProtocol proxy;         // of those
  std::vector<std::string> host_keys;  // paths
  server::LogLevel log_level = server::LogLevel::info;
  bool json_log = false;
  std::string metrics;  // "127.0.0.1:9464"; empty: none
  std::vector<UserConfig> users;
  // What only a new start can change, as text by its name: a reload compares it.
  std::map<std::string, std::string> fixed;
};

}  // namespace hawser::tools
