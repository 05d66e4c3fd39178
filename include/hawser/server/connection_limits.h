// What keeps a crowd, or an attacker, from taking a server's places. All of it works before a byte is read: a
// connection too many costs an accept and a close.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "hawser/server/address_range.h"

namespace hawser::server {

// Random early drop of connections that have not signed in, as OpenSSH's MaxStartups start:rate:full: from `start` of
// them on a new one is dropped with a probability of `rate` percent, which rises to 100 at
// SSHServerOptions::half_open_connections. Whoever fills the places cannot keep everybody else out for sure.
struct EarlyDrop {
  std::size_t start = 64;
  unsigned rate = 30;  // percent, 0 to 100
};

// Addresses that misbehave are refused for some time, as with OpenSSH's PerSourcePenalties: each offence adds its time
// to the penalty of the client's network (see ConnectionLimits::ipv4_prefix), which passes as time does. From the
// moment it is longer than `threshold` until it has passed altogether new connections are refused. A time of 0: no
// offence.
struct Penalties {
  bool enabled = true;
  std::chrono::milliseconds failed_authentication = std::chrono::seconds(5);
  std::chrono::milliseconds no_attempt = std::chrono::seconds(1);  // connected and went, as scanners do
  std::chrono::milliseconds login_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds protocol_error = std::chrono::seconds(10);
  std::chrono::milliseconds threshold = std::chrono::seconds(15);
  std::chrono::milliseconds longest = std::chrono::minutes(10);
  std::size_t addresses = 16384;  // remembered; of more, those whose penalty ends first are forgotten
  // Never refused. Loopback: behind a tunnel or a proxy all clients would share one penalty.
  std::vector<AddressRange> exempt = {AddressRange::ipv4_loopback(), AddressRange::ipv6_loopback()};
};

struct ConnectionLimits {
  std::size_t connections = 1024;
  std::size_t half_open_connections = 128;  // that have not signed in
  EarlyDrop early_drop;
  std::size_t connections_per_address = 64;
  // What counts as one address, there and for penalties: whoever has an IPv6 address has the 2^64 beside it as well.
  unsigned ipv4_prefix = 32;
  unsigned ipv6_prefix = 64;
  Penalties penalties;
};

}  // namespace hawser::server
