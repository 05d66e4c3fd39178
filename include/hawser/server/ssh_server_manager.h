// Listens, and runs an SSHServer for everyone who connects.
//
//   server::SSHServerOptions options;
//   options.host_keys = {key};
//   options.port = 0;                                  // any free one
//   server::SSHServerManager manager(my_server, options);
//   if (Result<void> started = manager.start(); !started) ...
//   std::printf("port %u\n", manager.port());
//   manager.stop();
//
// Thread-safe: everything here may be called from any thread, `stop` not from a hook.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hawser/server/connection_protocol_options.h"
#include "hawser/server/log.h"
#include "hawser/server/ssh_server.h"

namespace asio {
class io_context;
}

namespace hawser::server {

struct SSHServerOptions {
  std::string bind_address = "127.0.0.1";  // an address of this host; "0.0.0.0" and "::" are all of them
  std::uint16_t port = 22;                 // 0: a free one, see SSHServerManager::port
  std::vector<std::shared_ptr<const crypto::Signer>> host_keys;  // at least one
  bool allow_unauthenticated = false;                            // the server's authentication_methods may have "none"
  unsigned threads = 0;                                          // 0: as many as there are processors, at most 4

  std::size_t connections = 1024;
  std::size_t half_open_connections = 128;  // not yet authenticated
  std::size_t connections_per_address = 64;
  std::chrono::milliseconds auth_failure_delay{0};  // before each USERAUTH_FAILURE; the login deadline runs on
  std::chrono::milliseconds stop_time{5000};        // what `stop` gives connections with open channels

  ConnectionProtocolOptions connection_protocol;  // forwarding, environment, host key announcement
  // Algorithms, packet, channel and time limits. Host keys, authentication methods and the buffer pool are filled in.
  session::SessionConfig session;
  std::shared_ptr<Log> log;
};

struct ConnectionStats {
  std::size_t total_connections = 0;  // accepted by the system so far
  std::size_t active_connections = 0;
  std::size_t failed_connections = 0;  // turned away by a limit, or over before they were authenticated
  std::size_t max_connections = 0;
};

class SSHServerManager {
 public:
  SSHServerManager(std::shared_ptr<SSHServer> server, SSHServerOptions options);
  ~SSHServerManager();  // stops
  SSHServerManager(const SSHServerManager&) = delete;
  SSHServerManager& operator=(const SSHServerManager&) = delete;

  // Errors: invalid_state (it runs already), invalid_argument (no host key, no authentication method, "none" without
  // leave), host_not_found (the address), io_error (cannot listen there; the text says why).
  Result<void> start();
  // The same on an io_context that the caller runs, on as many threads as it likes.
  Result<void> start(asio::io_context& context);

  // No new connections; those without channels end now, the others when their channels have closed or `stop_time` is
  // over. With threads of its own it returns when all is over; on a caller's io_context it returns at once, and the
  // context must go on running for as long as that takes. Calling it again does nothing.
  void stop();

  bool is_running() const;
  std::uint16_t port() const;  // 0 while not running
  std::size_t get_connection_count() const;
  ConnectionStats get_connection_stats() const;
  std::vector<std::string> get_active_connections() const;  // ids
  bool close_connection(const std::string& id);             // false: there is none

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// A new ed25519 key that lives as long as the program: clients will see another one next time.
Result<std::shared_ptr<const crypto::Signer>> ephemeral_host_key();

}  // namespace hawser::server
