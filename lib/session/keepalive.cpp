#include "keepalive.h"

namespace hawser::session {

void Keepalive::heard(TimePoint now) {
  last_heard_ = now;
  next_ = now + interval_;
  unanswered_ = 0;
}

Keepalive::Action Keepalive::tick(TimePoint now) {
  if (!uses_requests()) {
    return idle_ != Duration::zero() && now - last_heard_ >= idle_ ? Action::give_up : Action::none;
  }
  if (now < next_) return Action::none;
  if (unanswered_ == count_) return Action::give_up;
  ++unanswered_;
  next_ = now + interval_;
  return Action::ask;
}

std::optional<TimePoint> Keepalive::deadline() const {
  if (uses_requests()) return next_;
  if (idle_ == Duration::zero()) return std::nullopt;
  return last_heard_ + idle_;
}

}  // namespace hawser::session
