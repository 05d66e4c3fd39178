// How many bytes of a transfer to keep under way: rate × round trip, and a little more so that the rate can show that
// more pays. What is above waits at the server, and OpenSSH's becomes slow with many megabytes that wait to be sent: it
// moves all of them in memory again and again.
//
// The beginning is one burst; on a long line its answers come at the line's own rate, with a pause behind them. From
// there on there is one byte more for each that is answered, up to that rate × round trip, until the rate of a whole
// round trip no longer follows.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace hawser::client {

class FlightControl {
 public:
  using Clock = std::chrono::steady_clock;

  FlightControl(std::size_t initial, std::size_t maximum)
      : maximum_(std::max<std::size_t>(maximum, 1)),
        initial_(std::clamp<std::size_t>(initial, 1, maximum_)),
        depth_(initial_) {}

  std::size_t depth() const { return depth_; }

  // `bytes` were answered at `now` by a request that was sent at `sent`.
  void answered(std::size_t bytes, Clock::time_point sent, Clock::time_point now) {
    // The shortest one is the line's own; the others have waited behind their like.
    const auto taken = now - sent;
    round_trip_ = std::min(round_trip_, taken);
    quickest_ = std::min(quickest_, taken);
    if (!full_) depth_ = std::clamp(depth_ + bytes, depth_, std::max(depth_, need(burst_.best)));
    burst_.answered(bytes, now, std::clamp<Clock::duration>(round_trip_ / 4, shortest_burst, shortest_round));
    if (!round_.answered(bytes, now, std::max(round_trip_, shortest_round))) return;
    // Answers that took long may have waited for something else than the line: a window that the peer is still opening.
    const bool faster = round_.last > 1.25 * recent_;
    full_ = full_ || (!faster && quickest_ > round_trip_ + round_trip_ / 8);
    recent_ = std::max(round_.last, 0.95 * recent_);  // a moment of less is no slower line
    if (full_) depth_ = std::max(initial_, need(recent_));
    quickest_ = Clock::duration::max();
  }

 private:
  // In less time than that the batches in which answers are read say more than the line does.
  static constexpr Clock::duration shortest_burst = std::chrono::milliseconds(5);
  static constexpr Clock::duration shortest_round = std::chrono::milliseconds(25);
  static constexpr std::size_t headroom = 1024 * 1024;

  // Bytes per second, over one span of time after the other.
  struct Rate {
    double last = 0;
    double best = 0;
    Clock::time_point since;
    std::size_t bytes = 0;

    // True at the end of a span.
    bool answered(std::size_t count, Clock::time_point now, Clock::duration span) {
      if (since == Clock::time_point()) {
        since = now;  // the first one marks the beginning, and does not count
        return false;
      }
      bytes += count;
      if (now - since < span) return false;
      last = static_cast<double>(bytes) / seconds(now - since);
      best = std::max(best, last);
      since = now;
      bytes = 0;
      return true;
    }
  };

  static double seconds(Clock::duration span) { return std::chrono::duration<double>(span).count(); }
  std::size_t need(double rate) const {
    return std::min(static_cast<std::size_t>(rate * seconds(round_trip_)) + headroom, maximum_);
  }

  std::size_t maximum_;
  std::size_t initial_;
  std::size_t depth_;
  bool full_ = false;  // the line: more would wait
  double recent_ = 0;  // the best rate of late, bytes per second
  Rate burst_, round_;
  Clock::duration round_trip_ = Clock::duration::max();
  Clock::duration quickest_ = Clock::duration::max();  // of this round
};

}  // namespace hawser::client
