// What the command line says, parsed: one struct per command. command_line/ fills them, the commands read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hawser::tools {

// Algorithm names in order of preference, comma separated; empty: the policy's.
struct AlgorithmOptions {
  std::string kex;
  std::string ciphers;
  std::string macs;
  std::string host_keys;
  std::string policy;  // by name; empty: the default
};

struct ServeOptions {
  std::string config;  // a file instead of all the rest
  bool check = false;  // only say whether the file is right
  std::string directory;
  std::string authorized_keys;
  std::string password_file;
  std::string user;  // restrict the listed keys to this name
  std::string host_key;
  std::string bind = "127.0.0.1";
  std::uint16_t port = 0;
  bool read_only = false;
  std::string packet_log;
  std::uint64_t rekey_bytes = 0;  // 0: the default
  AlgorithmOptions algorithms;
  std::string moduli;  // a file of groups
};

struct PasswdOptions {
  std::string user;         // in front of the hash
  bool from_stdin = false;  // instead of the terminal
};

// Those of OpenSSH's sftp-server(8).
struct SftpServerOptions {
  std::string start_directory;
  bool log_to_stderr = false;
  std::string log_facility = "AUTH";
  std::string log_level = "ERROR";
  std::string denied_requests;
  std::string allowed_requests;
  std::string query;
  bool read_only = false;
  std::string umask;
};

struct KeygenOptions {
  std::string file;
  std::string type = "ed25519";
  std::size_t bits = 3072;  // rsa
  std::string comment;
  bool no_passphrase = false;
  bool show_public = false;
  bool show_fingerprint = false;
};

struct KeyscanOptions {
  std::vector<std::string> hosts;
  std::uint16_t port = 22;
  unsigned timeout = 10;  // seconds
  bool hash = false;
  bool algorithms = false;
  bool json = false;
};

struct ConnectOptions {
  std::vector<std::string> identities;
  std::string known_hosts;
  bool compress = false;
  std::string host_key_policy;  // empty: ask at a terminal, else strict
  std::string packet_log;
  std::uint64_t rekey_bytes = 0;
  AlgorithmOptions algorithms;
};

constexpr std::uint32_t default_files_in_flight = 64;

struct TransferOptions {
  ConnectOptions connect;
  std::vector<std::string> paths;  // sources, then the destination where there are several
  bool recursive = false;
  bool preserve = false;
  bool resume = false;
  bool quiet = false;
  bool json = false;
  std::uint32_t files_in_flight = default_files_in_flight;
};

struct SyncOptions {
  ConnectOptions connect;
  std::string source, target;  // one of them a URL
  bool remove = false;
  bool compare_contents = false;
  bool dry_run = false;
  bool quiet = false;
  bool json = false;
  std::uint32_t files_in_flight = default_files_in_flight;
};

struct ListOptions {
  ConnectOptions connect;
  std::vector<std::string> urls;
  bool long_listing = false;
  bool all = false;    // names that begin with a dot
  bool human = false;  // sizes as 1.5K
  bool json = false;
};

// stat, df
struct QueryOptions {
  ConnectOptions connect;
  std::vector<std::string> urls;
  bool human = false;  // df
  bool json = false;
};

// cat, mkdir, rm, mv, ln, chmod
struct RemoteOptions {
  ConnectOptions connect;
  std::vector<std::string> urls;
  std::string mode;        // chmod
  bool recursive = false;  // rm
  bool force = false;      // rm
  bool parents = false;    // mkdir
  bool symbolic = false;   // ln
};

}  // namespace hawser::tools
