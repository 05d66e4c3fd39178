// Who may come in: counts the connections that are there and says no to one too many. Clock and dice are handed in.
// Not thread-safe.
//
//   if (auto no = admission.take_place()) return refuse(*no);          // counts from here on
//   if (auto no = admission.name_client(address)) ...                  // as soon as the client's address is known
//   admission.authenticated();
//   admission.leave(address, was_authenticated, ending);
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "penalty_table.h"

namespace hawser::server {

struct AdmissionGauges {
  std::chrono::steady_clock::time_point (*now)() = &std::chrono::steady_clock::now;
  // A random number from 0 to 99.
  std::function<unsigned()> percentile;
};
// The gauges of a running server.
AdmissionGauges system_gauges();

// How likely a new connection is dropped while `half_open` others have not signed in: OpenSSH's MaxStartups.
unsigned early_drop_percent(const ConnectionLimits& limits, std::size_t half_open);

class Admission {
 public:
  explicit Admission(const ConnectionLimits& limits, AdmissionGauges gauges = system_gauges())
      : limits_(limits), gauges_(std::move(gauges)), penalties_(limits) {}

  // Nothing: there is a place, and it is taken.
  std::optional<Rejection> take_place();
  // Nothing: the address may have one more, and has it.
  std::optional<Rejection> name_client(const asio::ip::address& address);
  void authenticated() { --half_open_; }
  // The end of a connection that has a place; `address` if name_client has counted it.
  void leave(const std::optional<asio::ip::address>& address, bool authenticated, std::optional<Ending> ending);

  void set_connection_limit(std::size_t connections) { limits_.connections = connections; }
  std::size_t connection_limit() const { return limits_.connections; }
  std::size_t active() const { return active_; }
  std::size_t half_open() const { return half_open_; }
  std::size_t penalised() const { return penalties_.size(); }
  // Addresses that have connections: what this remembers of them.
  std::size_t addresses() const { return of_network_.size(); }

 private:
  asio::ip::address network(const asio::ip::address& address) const {
    return network_of(address, limits_.ipv4_prefix, limits_.ipv6_prefix);
  }

  ConnectionLimits limits_;
  AdmissionGauges gauges_;
  PenaltyTable penalties_;
  std::map<asio::ip::address, std::size_t> of_network_;
  std::size_t active_ = 0;
  std::size_t half_open_ = 0;
};

}  // namespace hawser::server
