// A timer for code without a clock: the time is known only in `tick`, and may be long out of date when something
// happens between two ticks. So a timer that is started there asks for a tick at once, and begins to run with it.
#pragma once

#include <optional>

#include "hawser/transport/role.h"

namespace hawser::transport {

class Timer {
 public:
  void start(Duration duration) {
    running_ = true;
    duration_ = duration;
    expiry_.reset();
  }
  void start_at(TimePoint now, Duration duration) {
    start(duration);
    expiry_ = now + duration;
  }
  void stop() { running_ = false; }
  bool running() const { return running_; }

  // To be asked at every tick. True once.
  bool expired(TimePoint now) {
    if (!running_) return false;
    if (!expiry_) expiry_ = now + duration_;
    if (now < *expiry_) return false;
    running_ = false;
    return true;
  }

  // `last_tick` stands for "at once".
  std::optional<TimePoint> deadline(TimePoint last_tick) const {
    if (!running_) return std::nullopt;
    return expiry_.value_or(last_tick);
  }

 private:
  bool running_ = false;
  Duration duration_{};
  std::optional<TimePoint> expiry_;
};

}  // namespace hawser::transport
