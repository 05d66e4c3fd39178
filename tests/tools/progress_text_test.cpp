#include "tools/progress_text.h"

#include <doctest/doctest.h>

#include <vector>

#include "tools/printable.h"

using namespace hawser::tools;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t mib = 1024 * 1024;

ProgressState half_way() { return {.name = "holiday.mp4", .done = 50 * mib, .total = 100 * mib, .rate = 10.0 * mib}; }

}  // namespace

TEST_CASE("progress line: name, bar, share, bytes, rate and time left at their usual width") {
  CHECK(progress_line(half_way(), 99) ==
        "holiday.mp4            [##########..........]   50%  50.0 MiB of 100.0 MiB    10.0 MiB/s  0:05 left");
}

TEST_CASE("progress line: the bar goes first, then the name is cut, then the last parts go") {
  const std::string narrow = progress_line(half_way(), 70);
  CHECK(narrow.find('[') == std::string::npos);
  CHECK(narrow.find("holiday.mp4") == 0);
  CHECK(narrow.find("0:05 left") != std::string::npos);
  CHECK(progress_line(half_way(), 40) == "holiday.mp4   50%  50.0 MiB of 100.0 MiB");
  CHECK(progress_line(half_way(), 10) == "...4   50%");
}

TEST_CASE("progress line: never wider than asked for, whatever is in it") {
  std::vector<ProgressState> states{half_way(), {}, {.name = "x", .done = 5, .total = 5}};
  states.push_back({.name = std::string(300, 'n'), .done = 1, .total = UINT64_MAX, .rate = 1e-3});
  states.push_back(
      {.name = "写真/夏休み.jpg", .files_done = 3, .files = 99999, .done = mib, .total = 2 * mib, .rate = 1});
  states.push_back({.name = "unknown size", .done = 123456789, .rate = 1e12});
  for (const ProgressState& state : states) {
    for (std::size_t width = 0; width < 200; ++width) {
      CAPTURE(width);
      const std::string line = progress_line(state, width);
      CAPTURE(line);
      CHECK(columns(line) <= width);
    }
  }
}

TEST_CASE("progress line: several files show how many are done, also where the name must be cut") {
  ProgressState state = half_way();
  state.files_done = 12;
  state.files = 200;
  state.name = std::string(100, 'd') + "/photo.jpg";
  const std::string line = progress_line(state, 110);
  CHECK(line.find("12 of 200 files  ...") == 0);
  CHECK(line.find("/photo.jpg") != std::string::npos);
  const std::string narrow = progress_line(state, 89);  // the count says more than a bar
  CHECK(narrow.find("12 of 200 files") == 0);
}

TEST_CASE("progress line: 100% only when everything is there") {
  ProgressState state{.name = "f", .done = 999'999, .total = 1'000'000};
  CHECK(progress_line(state, 80).find("99%") != std::string::npos);
  state.done = 1'000'000;
  CHECK(progress_line(state, 80).find("100%") != std::string::npos);
}

TEST_CASE("byte counts and durations") {
  const std::pair<std::uint64_t, const char*> counts[] = {{0, "0 B"},           {1023, "1023 B"},
                                                          {1024, "1.0 KiB"},    {1536, "1.5 KiB"},
                                                          {mib - 1, "1.0 MiB"}, {UINT64_MAX, "16384.0 PiB"}};
  for (const auto& [bytes, text] : counts) CHECK(byte_count(bytes) == text);
  const std::pair<std::uint64_t, const char*> times[] = {{0, "0:00"},       {59, "0:59"},      {60, "1:00"},
                                                         {3600, "1:00:00"}, {3723, "1:02:03"}, {400'000, "4 days"}};
  for (const auto& [seconds, text] : times) CHECK(duration_text(seconds) == text);
}

TEST_CASE("rate: that of the last ten seconds, not of the whole time") {
  RateWindow rate;
  CHECK(rate.rate() == 0);
  const RateWindow::Clock::time_point start{};
  for (int second = 0; second <= 100; ++second) rate.add(start + second * 1s, 0);
  CHECK(rate.rate() == 0);
  for (unsigned second = 1; second <= 10; ++second) rate.add(start + (100 + second) * 1s, second * 1000);
  CHECK(rate.rate() == doctest::Approx(1000));
}
