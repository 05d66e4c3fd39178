// What a server has seen so far, in numbers.
#pragma once

#include <array>
#include <cstdint>
#include <numeric>

#include "hawser/server/sftp_server.h"

namespace hawser::server {

// Why a connection was closed before a byte was read of it.
enum class Rejection {
  connections,      // SSHServerOptions::connections
  half_open,        // half_open_connections
  early_drop,       // early_drop
  address,          // connections_per_address
  penalty,          // penalties
  untrusted_proxy,  // ProxyProtocol::trusted
  proxy_header,     // missing, malformed, too late
};
inline constexpr std::size_t rejection_kinds = 7;
const char* rejection_text(Rejection rejection);  // "too many connections", ...

// How an admitted connection ended.
enum class Ending {
  authenticated,          // somehow, after its user had signed in
  closed_by_server,       // stop, close_connection
  no_attempt,             // the client went without having tried to sign in, or had no algorithm in common with us
  failed_authentication,  // the client went, or was sent away, after it had failed to sign in
  login_timeout,          // SessionConfig::login_time
  protocol_error,         // the client sent what no client sends
};
inline constexpr std::size_t ending_kinds = 6;

// A counter for each value of an enumeration.
template <class Kind, std::size_t size>
class Counts {
 public:
  std::uint64_t& operator[](Kind kind) { return counts_[static_cast<std::size_t>(kind)]; }
  std::uint64_t operator[](Kind kind) const { return counts_[static_cast<std::size_t>(kind)]; }
  std::uint64_t total() const { return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0}); }

 private:
  std::array<std::uint64_t, size> counts_{};
};

struct ConnectionStats {
  std::size_t total_connections = 0;  // accepted by the system so far
  std::size_t active_connections = 0;
  std::size_t failed_connections = 0;  // turned away by a limit, or over before they were authenticated
  std::size_t max_connections = 0;
};

// Totals are since the manager was made: a stop and a start do not reset them.
struct ServerStats {
  std::uint64_t accepted = 0;  // by the system: rejected, ended and active ones together
  Counts<Rejection, rejection_kinds> rejected;
  Counts<Ending, ending_kinds> ended;
  std::size_t active = 0;
  std::size_t half_open = 0;  // of the active ones, those that have not signed in
  std::size_t penalised_addresses = 0;

  std::uint64_t signed_in = 0;                // connections
  std::uint64_t authentication_failures = 0;  // requests answered by USERAUTH_FAILURE, of ended connections
  std::uint64_t channels_requested = 0;
  std::uint64_t bytes_received = 0;  // on the wire, with everything SSH adds
  std::uint64_t bytes_sent = 0;
  std::uint64_t sftp_sessions = 0;  // that have ended, as those counted in `sftp`
  SFTPCounters sftp;
};

}  // namespace hawser::server
