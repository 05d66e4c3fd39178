// How much a transfer keeps under way, on simulated lines: their answers come one behind the other at the line's rate,
// each a round trip after its request at the earliest.
#include "client/flight_control.h"

#include <doctest/doctest.h>

#include <deque>

using hawser::client::FlightControl;
using Clock = FlightControl::Clock;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t request = 255 * 1024;
constexpr std::size_t mib = 1024 * 1024;
constexpr std::size_t initial = 4 * mib;
constexpr std::size_t maximum = 64 * mib;

class Line {
 public:
  Line(Clock::duration round_trip, double bytes_per_second) : rate(bytes_per_second), round_trip_(round_trip) {}

  // Goes on for so long, with as much under way as `control` says. Gives the bytes that were answered.
  std::size_t run(FlightControl& control, Clock::duration time) {
    const Clock::time_point end = now_ + time;
    std::size_t done = 0;
    while (now_ < end) {
      while (under_way_ + request <= control.depth()) ask();
      const auto [sent, arrives] = asked_.front();
      asked_.pop_front();
      now_ = arrives;
      under_way_ -= request;
      done += request;
      control.answered(request, sent, now_);
      most_waiting = std::max(most_waiting, static_cast<double>(under_way_) - held());
    }
    return done;
  }
  // What the line itself holds, bytes.
  double held() const { return rate * std::chrono::duration<double>(round_trip_).count(); }

  double rate;
  double most_waiting = 0;  // bytes that the server had ready and could not send yet

 private:
  void ask() {
    const auto takes = std::chrono::duration<double>(static_cast<double>(request) / rate);
    line_free_ = std::max(line_free_, now_ + round_trip_) + std::chrono::duration_cast<Clock::duration>(takes);
    asked_.emplace_back(now_, line_free_);
    under_way_ += request;
  }

  Clock::duration round_trip_;
  Clock::time_point now_ = Clock::time_point(1h);
  Clock::time_point line_free_;
  std::deque<std::pair<Clock::time_point, Clock::time_point>> asked_;
  std::size_t under_way_ = 0;
};

}  // namespace

TEST_CASE("flight control: fills a long line within some round trips, and hardly more than fills it") {
  struct Row {
    Clock::duration round_trip;
    double rate;
  };
  for (const Row& row : {Row{100ms, 125e6}, Row{100ms, 62.5e6}, Row{30ms, 500e6}, Row{300ms, 125e6}}) {
    CAPTURE(row.rate);
    Line line(row.round_trip, row.rate);
    FlightControl control(initial, maximum);
    line.run(control, 6 * row.round_trip);
    const std::size_t done = line.run(control, 10 * row.round_trip);
    CHECK(static_cast<double>(done) > 0.97 * 10 * line.held());
    CHECK(line.most_waiting < static_cast<double>(initial + mib));
    line.most_waiting = 0;
    line.run(control, 10 * row.round_trip);
    CHECK(line.most_waiting < static_cast<double>(2 * mib));
  }
}

TEST_CASE("flight control: stays where it begins on a short line, however fast") {
  for (const double rate : {100e6, 1e9, 5e9}) {
    CAPTURE(rate);
    Line line(200us, rate);
    FlightControl control(initial, maximum);
    line.run(control, 2s);
    CHECK(control.depth() == initial);
  }
}

TEST_CASE("flight control: never above its maximum, and never below one byte") {
  Line line(1s, 1e9);
  FlightControl control(initial, 16 * mib);
  line.run(control, 30s);
  CHECK(control.depth() == 16 * mib);
  CHECK(FlightControl(initial, mib).depth() == mib);
  CHECK(FlightControl(0, 0).depth() == 1);
}

TEST_CASE("flight control: follows a line that becomes slower, and faster again") {
  Line line(100ms, 125e6);
  FlightControl control(initial, maximum);
  line.run(control, 3s);
  const std::size_t before = control.depth();
  line.rate = 50e6;
  line.run(control, 5s);
  CHECK(control.depth() < before / 2 + mib);
  line.rate = 125e6;
  line.run(control, 5s);
  CHECK(control.depth() + mib > before);
}
