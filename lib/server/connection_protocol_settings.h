// What the parts of a server's connection protocol share, per connection.
#pragma once

#include "hawser/server/connection_protocol_options.h"
#include "hawser/server/ssh_server.h"
#include "hook_caller.h"

namespace hawser::server {

// With references to what lives as long as the connection's SSHServerSession.
struct ConnectionProtocolSettings {
  SSHServer& server;
  ServerConnection& connection;
  HookCaller& hooks;
  ConnectionProtocolOptions options;
  std::size_t programs_running = 0;
};

}  // namespace hawser::server
