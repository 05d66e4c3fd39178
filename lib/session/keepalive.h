// Says when the peer has been silent for too long: with keepalive@openssh.com requests where an interval is set, by
// idle time alone where not.
#pragma once

#include <optional>

#include "hawser/transport/role.h"
#include "hawser/wire/errc.h"

namespace hawser::session {

class Keepalive {
 public:
  Keepalive(Duration interval, unsigned count, Duration idle, TimePoint now)
      : interval_(interval), count_(count), idle_(idle), last_heard_(now), next_(now + interval) {}

  // The peer sent something.
  void heard(TimePoint now);

  enum class Action { none, ask, give_up };
  Action tick(TimePoint now);
  Errc reason() const { return uses_requests() ? Errc::keepalive_timeout : Errc::idle_timeout; }
  std::optional<TimePoint> deadline() const;

 private:
  bool uses_requests() const { return interval_ != Duration::zero(); }

  Duration interval_;
  unsigned count_;
  Duration idle_;
  TimePoint last_heard_;
  TimePoint next_;
  unsigned unanswered_ = 0;
};

}  // namespace hawser::session
