// Listens, and runs an SSHServer for everyone who connects.
//
//   server::SSHServerOptions options;
//   options.host_keys = {*server::host_key_from_file("/var/lib/me/host_key")};
//   options.port = 2222;
//   server::SSHServerManager manager(my_server, options);
//   if (Result<void> started = manager.start(); !started) ...
//   manager.wait();                                    // until somebody calls stop()
//
// Connections share the threads: an awaitable hook that waits holds up nobody else, nor does a file system whose slow
// calls run on FileThreads. A hook that blocks its thread holds up what else that thread would do.
//
// Thread-safe: everything here may be called from any thread, `wait` and `stop` not from a hook.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hawser/server/connection_limits.h"
#include "hawser/server/connection_protocol_options.h"
#include "hawser/server/endpoint.h"
#include "hawser/server/log.h"
#include "hawser/server/server_stats.h"
#include "hawser/server/ssh_server.h"

namespace asio {
class io_context;
}

namespace hawser::server {

using HostKeys = std::vector<std::shared_ptr<const crypto::Signer>>;

struct SSHServerOptions : ConnectionLimits {
  // Where to listen: one TCP endpoint (see TcpEndpoint), or, if there are any, all of `endpoints` instead.
  std::string bind_address = "127.0.0.1";
  std::uint16_t port = 22;
  std::vector<Endpoint> endpoints;

  HostKeys host_keys;                  // at least one
  bool allow_unauthenticated = false;  // the server's authentication_methods may have "none"
  unsigned threads = 0;                // 0: as many as there are processors, 2 to 4
  // For key exchanges and the signatures of clients, so that many logins at once do not hold up what the connections'
  // own threads do. None: those threads do it.
  std::size_t public_key_threads = 1;

  std::chrono::milliseconds auth_failure_delay{0};  // before each USERAUTH_FAILURE; the login deadline runs on
  std::chrono::milliseconds stop_time{5000};        // what `stop` gives connections with open channels

  ConnectionProtocolOptions connection_protocol;  // forwarding, environment, host key announcement
  // Algorithms (hardened(), unlike elsewhere), packet, channel and time limits: `login_time`, `userauth.attempt_limit`,
  // `idle_time` and others. Host keys, authentication methods and the buffer pool are filled in.
  session::SessionConfig session = hardened_session();

  std::shared_ptr<Log> log;

  // The defaults of a session, with the hardened policy.
  static session::SessionConfig hardened_session();
};

class SSHServerManager {
 public:
  SSHServerManager(std::shared_ptr<SSHServer> server, SSHServerOptions options);
  ~SSHServerManager();  // stops
  SSHServerManager(const SSHServerManager&) = delete;
  SSHServerManager& operator=(const SSHServerManager&) = delete;

  // All endpoints or none. Errors: invalid_state (it runs already), invalid_argument (no host key, or none that the
  // algorithms allow, algorithms that nobody knows, no authentication method, "none" without leave, an endpoint that is
  // none), host_not_found (an address), io_error (cannot listen there; the text says why, the log says where).
  Result<void> start();
  // The same on an io_context that the caller runs, on as many threads as it likes.
  Result<void> start(asio::io_context& context);

  // No new connections; those without channels end now, the others when their channels have closed or `stop_time` is
  // over. With threads of its own it returns when all is over, at the latest a second after `stop_time`: what then
  // still waits in a hook or a file call that does not return is left to end by itself, and keeps the server object and
  // the file system alive. On a caller's io_context it returns at once, and the context must go on running until it has
  // nothing left to do. Calling it again does nothing. A stopped manager may be started again.
  void stop();
  // Returns when `stop` has been called, at once if it does not run.
  void wait();

  bool is_running() const;
  // What is listened on, in the order of the options; empty while not running.
  std::vector<BoundEndpoint> endpoints() const;
  // Of the first TCP endpoint; 0 where there is none, and while not running.
  std::uint16_t port() const;

  // For connections that come from now on; those that are there keep what they have, also for their rekeying. Errors:
  // invalid_argument, none at all, or none that the algorithms allow.
  Result<void> set_host_keys(HostKeys keys);
  void set_max_connections(std::size_t connections);
  void set_auth_timeout(std::chrono::milliseconds time);   // SessionConfig::login_time
  void set_connection_timeout(std::chrono::seconds time);  // SessionConfig::idle_time

  std::size_t get_connection_count() const;
  ConnectionStats get_connection_stats() const;
  ServerStats stats() const;
  std::vector<std::string> get_active_connections() const;  // ids, "host:port:serial"
  bool close_connection(const std::string& id);             // false: there is none

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// A new ed25519 key that lives as long as the program: clients will see another one next time.
Result<std::shared_ptr<const crypto::Signer>> ephemeral_host_key();
// The key of a file; where there is none, a new ed25519 key is made and kept there with mode 0600. Errors: file_error,
// bad_key, unsupported.
Result<std::shared_ptr<const crypto::Signer>> host_key_from_file(const std::string& path);
// A file in the form of moduli(5), of at most 4 MiB, for `session.transport.moduli`. Errors: file_error, bad_value
// (none of its lines can be used).
Result<std::shared_ptr<const crypto::Moduli>> moduli_from_file(const std::string& path);

}  // namespace hawser::server
