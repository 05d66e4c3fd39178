#include "progress_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "printable.h"

namespace hawser::tools {
namespace {

constexpr std::size_t bar_width = 20;
constexpr std::size_t least_name = 12;  // columns below which a name says too little to go before the bar
constexpr std::string_view gap = "  ";

// A share that is below all of it never shows as 100%.
std::uint64_t percent(const ProgressState& state) {
  if (state.done >= state.total) return 100;
  return static_cast<std::uint64_t>(static_cast<double>(state.done) * 100.0 / static_cast<double>(state.total));
}

std::string bar(const ProgressState& state) {
  const std::size_t filled = percent(state) * bar_width / 100;
  return "[" + std::string(filled, '#') + std::string(bar_width - filled, '.') + "]";
}

// The parts behind the bar, the most important first.
std::vector<std::string> parts_of(const ProgressState& state) {
  std::vector<std::string> parts;
  if (state.total != 0) {
    parts.push_back(fmt::format("{:3}%", percent(state)));
    parts.push_back(fmt::format("{} of {}", byte_count(state.done), byte_count(state.total)));
  } else {
    parts.push_back(byte_count(state.done));
  }
  if (state.rate > 0) {
    parts.push_back(fmt::format("{:>10}/s", byte_count(static_cast<std::uint64_t>(state.rate))));
    if (state.total > state.done) {
      const double left = static_cast<double>(state.total - state.done) / state.rate;
      parts.push_back(fmt::format("{} left", duration_text(static_cast<std::uint64_t>(std::min(left, 1e12)))));
    }
  }
  return parts;
}

std::string count_of(const ProgressState& state) {
  return state.files <= 1 ? "" : fmt::format("{} of {} files", state.files_done, state.files);
}

// What must be seen of name and count for a bar to be worth its room.
std::size_t least_subject(const ProgressState& state) {
  return state.files <= 1 ? std::min(columns(state.name), least_name) : columns(count_of(state));
}

// As much of it as there is room for: the count of files stays in front of a shortened name.
std::string fitted_subject(const ProgressState& state, std::size_t room) {
  const std::string count = count_of(state);
  if (count.empty()) return shortened(state.name, room);
  const std::size_t taken = columns(count) + gap.size();
  if (columns(count) > room) return {};
  if (state.name.empty() || taken + std::min(columns(state.name), least_name) > room) return count;
  return count + gap.data() + shortened(state.name, room - taken);
}

}  // namespace

std::string progress_line(const ProgressState& state, std::size_t width) {
  std::string right;
  for (const std::string& part : parts_of(state)) {
    const std::size_t between = right.empty() ? 0 : gap.size();
    if (columns(right) + between + columns(part) > width) break;
    right += (between == 0 ? "" : std::string(gap)) + part;
  }
  const std::size_t taken = columns(right) + gap.size();
  if (width <= taken) return right;
  std::size_t room = width - taken;
  const std::size_t bar_room = bar_width + 2 + gap.size();
  const bool with_bar = state.total != 0 && room >= bar_room + least_subject(state);
  if (with_bar) room -= bar_room;
  const std::string subject = fitted_subject(state, room);
  std::string line = subject + std::string(room - columns(subject), ' ') + std::string(gap);
  if (with_bar) line += bar(state) + std::string(gap);
  return line + right;
}

std::string byte_count(std::uint64_t bytes) {
  constexpr std::array<const char*, 6> units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1023.95 && unit + 1 < units.size(); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

std::string duration_text(std::uint64_t seconds) {
  constexpr std::uint64_t hour = 3600;
  if (seconds >= 100 * hour) return fmt::format("{} days", seconds / (24 * hour));
  if (seconds >= hour) return fmt::format("{}:{:02}:{:02}", seconds / hour, seconds / 60 % 60, seconds % 60);
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

void RateWindow::add(Clock::time_point when, std::uint64_t bytes) {
  samples_.push_back({when, bytes});
  while (samples_.size() > 2 && when - samples_.front().when > std::chrono::seconds(10)) samples_.pop_front();
}

double RateWindow::rate() const {
  if (samples_.size() < 2) return 0;
  const double seconds = std::chrono::duration<double>(samples_.back().when - samples_.front().when).count();
  return seconds > 0 ? static_cast<double>(samples_.back().bytes - samples_.front().bytes) / seconds : 0;
}

}  // namespace hawser::tools
