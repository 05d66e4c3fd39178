// The text of a progress line, from numbers alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace hawser::tools {

struct ProgressState {
  std::string name;  // printable: the file that moves, one of them where several do
  std::uint64_t files_done = 0;
  std::uint64_t files = 1;
  std::uint64_t done = 0;   // bytes
  std::uint64_t total = 0;  // bytes; 0: unknown
  double rate = 0;          // bytes per second; 0: unknown
};

// Name, bar, share, bytes, rate and time left in at most `width` columns. Where they do not fit the bar goes first,
// then the name is shortened, then the time, the rate and the bytes go.
std::string progress_line(const ProgressState& state, std::size_t width);

// "1.5 GiB", "312.0 KiB", "17 B".
std::string byte_count(std::uint64_t bytes);
// "0:07", "12:34", "1:02:03", and "2 days" from 100 hours on.
std::string duration_text(std::uint64_t seconds);

// How fast it goes now: over the last ten seconds.
class RateWindow {
 public:
  using Clock = std::chrono::steady_clock;
  void add(Clock::time_point when, std::uint64_t bytes);
  // Bytes per second; 0 before there are two different moments.
  double rate() const;

 private:
  struct Sample {
    Clock::time_point when;
    std::uint64_t bytes;  // in all
  };
  std::deque<Sample> samples_;
};

}  // namespace hawser::tools
