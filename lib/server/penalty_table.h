// The penalties of misbehaving addresses (connection_limits.h): sums of time that pass with time. No clock inside; not
// thread-safe.
#pragma once

#include <map>
#include <set>

#include "hawser/server/connection_limits.h"
#include "hawser/server/server_stats.h"
#include "hawser/wire/types.h"

namespace hawser::server {

class PenaltyTable {
 public:
  using Clock = std::chrono::steady_clock;

  explicit PenaltyTable(const ConnectionLimits& limits)
      : options_(limits.penalties), ipv4_prefix_(limits.ipv4_prefix), ipv6_prefix_(limits.ipv6_prefix) {}

  // A connection from there has ended so.
  void add(const asio::ip::address& address, Ending ending, Clock::time_point now);
  bool refused(const asio::ip::address& address, Clock::time_point now);
  // Those that have not passed, enforced or not.
  std::size_t size() const { return penalties_.size(); }

 private:
  struct Penalty {
    Clock::time_point end;
    bool enforced = false;
  };
  using Table = std::map<asio::ip::address, Penalty>;

  Clock::duration time_for(Ending ending) const;
  bool exempt(const asio::ip::address& address) const;
  asio::ip::address network(const asio::ip::address& address) const {
    return network_of(address, ipv4_prefix_, ipv6_prefix_);
  }
  void forget_passed(Clock::time_point now);
  void forget(Table::iterator penalty);

  const Penalties options_;
  const unsigned ipv4_prefix_;
  const unsigned ipv6_prefix_;
  Table penalties_;
  std::set<std::pair<Clock::time_point, asio::ip::address>> by_end_;  // the same, the next to pass first
};

}  // namespace hawser::server
