// How many bytes of a transfer to keep under way: enough for rate × round trip, twice over so that the rate can show
// that more pays, and no more. On a long line it doubles each round trip until the rate no longer follows.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace hawser::client {

class FlightControl {
 public:
  using Clock = std::chrono::steady_clock;

  FlightControl(std::size_t initial, std::size_t maximum)
      : depth_(std::max<std::size_t>(initial, 1)), maximum_(maximum) {}

  std::size_t depth() const { return depth_; }

  // `bytes` were answered at `now` by a request that was sent at `sent`.
  void answered(std::size_t bytes, Clock::time_point sent, Clock::time_point now) {
    // The shortest one is the line's own; the others have waited behind their like.
    round_trip_ = std::min(round_trip_, now - sent);
    if (measured_since_ == Clock::time_point()) measured_since_ = now;
    measured_ += bytes;
    const auto span = now - measured_since_;
    if (span < std::max<Clock::duration>(round_trip_, std::chrono::milliseconds(10))) return;
    const double rate = static_cast<double>(measured_) / seconds(span);
    const auto wanted = static_cast<std::size_t>(2 * rate * seconds(round_trip_));
    depth_ = std::max(depth_, std::min(wanted, maximum_));
    measured_since_ = now;
    measured_ = 0;
  }

 private:
  static double seconds(Clock::duration span) { return std::chrono::duration<double>(span).count(); }

  std::size_t depth_;
  std::size_t maximum_;
  Clock::duration round_trip_ = Clock::duration::max();
  Clock::time_point measured_since_;
  std::size_t measured_ = 0;
};

}  // namespace hawser::client
