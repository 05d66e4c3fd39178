// The command line, family by family: each function adds its commands with their options. A command that was given runs
// while the line is parsed, and leaves its exit code in `result`.
#pragma once

#include <CLI/CLI.hpp>

#include "tools/options.h"

namespace hawser::tools {

void add_keys(CLI::App& app, int& result);         // keygen, keyscan
void add_serve(CLI::App& app, int& result);        // serve
void add_passwd(CLI::App& app, int& result);       // passwd
void add_sftp_server(CLI::App& app, int& result);  // sftp-server
void add_transfers(CLI::App& app, int& result);    // get, put, sync
void add_queries(CLI::App& app, int& result);      // ls, stat, df, cat
void add_changes(CLI::App& app, int& result);      // mkdir, rm, mv, ln, chmod

// What several families share.
void add_connect(CLI::App* command, ConnectOptions& connect);
void add_packet_log(CLI::App* command, std::string& path);
void add_rekey(CLI::App* command, std::uint64_t& bytes);
void add_algorithms(CLI::App* command, AlgorithmOptions& algorithms, const std::string& by_default);

}  // namespace hawser::tools
