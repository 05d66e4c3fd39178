#include "penalty_table.h"

#include <algorithm>

namespace hawser::server {

void PenaltyTable::add(const asio::ip::address& address, Ending ending, Clock::time_point now) {
  const Clock::duration time = time_for(ending);
  if (!options_.enabled || options_.addresses == 0 || time <= Clock::duration::zero() || exempt(address)) return;
  forget_passed(now);
  const asio::ip::address key = network(address);
  const auto found = penalties_.find(key);
  Penalty penalty{.end = now, .enforced = false};
  if (found != penalties_.end()) {
    penalty = found->second;
    forget(found);
  } else if (penalties_.size() >= options_.addresses) {
    forget(penalties_.find(by_end_.begin()->second));
  }
  penalty.end = std::min(penalty.end + time, now + options_.longest);
  if (penalty.end - now > options_.threshold) penalty.enforced = true;
  penalties_.emplace(key, penalty);
  by_end_.emplace(penalty.end, key);
}

bool PenaltyTable::refused(const asio::ip::address& address, Clock::time_point now) {
  forget_passed(now);
  const auto found = penalties_.find(network(address));
  return found != penalties_.end() && found->second.enforced && !exempt(address);
}

PenaltyTable::Clock::duration PenaltyTable::time_for(Ending ending) const {
  switch (ending) {
    case Ending::no_attempt: return options_.no_attempt;
    case Ending::failed_authentication: return options_.failed_authentication;
    case Ending::login_timeout: return options_.login_timeout;
    case Ending::protocol_error: return options_.protocol_error;
    case Ending::authenticated:
    case Ending::closed_by_server: break;
  }
  return Clock::duration::zero();
}

bool PenaltyTable::exempt(const asio::ip::address& address) const {
  return std::ranges::any_of(options_.exempt, [&](const AddressRange& range) { return range.contains(address); });
}

void PenaltyTable::forget_passed(Clock::time_point now) {
  while (!by_end_.empty() && by_end_.begin()->first <= now) forget(penalties_.find(by_end_.begin()->second));
}

void PenaltyTable::forget(Table::iterator penalty) {
  by_end_.erase({penalty->second.end, penalty->first});
  penalties_.erase(penalty);
}

}  // namespace hawser::server
