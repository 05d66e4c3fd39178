// What a server grants and how much of it, per connection, once a client has authenticated.
#pragma once

#include <chrono>
#include <cstddef>

namespace hawser::server {

struct ConnectionProtocolOptions {
  // One switch for all of it: TCP ports, Unix sockets, X11 and the agent are refused in every direction, and no hook is
  // asked.
  bool deny_all_forwarding = false;

  // What check_channel_env_request may accept on one channel. Beyond it a variable is refused without asking.
  std::size_t environment_variables = 128;
  std::size_t environment_bytes = 64 * 1024;  // names and values

  // Programs that run at a time. One whose channel the client has closed counts until its handler returns; beyond this
  // a request to start another is refused.
  std::size_t programs = 64;

  std::size_t forward_listeners = 8;               // forwardings that a client may have asked for at a time
  std::size_t pending_forwarded_connections = 16;  // accepted here, and not yet taken by the client
  std::chrono::milliseconds connect_time{10000};   // for lookup and connect of a direct-tcpip channel

  // hostkeys-00@openssh.com after authentication: clients may learn all our host keys before one is retired.
  bool announce_host_keys = true;
};

}  // namespace hawser::server
