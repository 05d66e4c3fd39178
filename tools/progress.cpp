#include "progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace hawser::tools {
namespace {

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string time_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds);
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

std::string byte_count(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

Progress::Progress(bool wanted) : active_(wanted && ::isatty(STDERR_FILENO) != 0) {}

void Progress::begin(const std::string& name) {
  finish();
  name_ = name;
  started_ = std::chrono::steady_clock::now();
  drawn_ = {};
  done_ = total_ = 0;
}

void Progress::update(std::uint64_t done, std::uint64_t total) {
  done_ = done;
  total_ = total;
  const auto now = std::chrono::steady_clock::now();
  if (active_ && now - drawn_ >= std::chrono::milliseconds(100)) draw(now);
}

void Progress::finish() {
  if (active_ && drawn_ != std::chrono::steady_clock::time_point{}) {
    draw(std::chrono::steady_clock::now());
    std::fputc('\n', stderr);
  }
  drawn_ = {};
}

void Progress::draw(std::chrono::steady_clock::time_point now) {
  drawn_ = now;
  const double seconds = std::max(std::chrono::duration<double>(now - started_).count(), 1e-3);
  const double rate = static_cast<double>(done_) / seconds;
  std::string state;
  if (total_ != 0) {
    state = fmt::format("{:3}%  ", std::min<std::uint64_t>(100, done_ * 100 / total_));
  }
  state += fmt::format("{:>10}  {:>10}/s", byte_count(done_), byte_count(static_cast<std::uint64_t>(rate)));
  if (total_ > done_ && rate > 0) {
    state += fmt::format("  {} left", time_text(static_cast<double>(total_ - done_) / rate));
  } else {
    state += fmt::format("  {}", time_text(seconds));
  }
  const std::size_t width = terminal_width();
  const std::size_t room = width > state.size() + 4 ? width - state.size() - 4 : 0;
  std::string name = name_;
  if (name.size() > room) name = room > 3 ? "..." + name.substr(name.size() - (room - 3)) : "";
  std::fputs(fmt::format("\r{:<{}}  {}\x1b[K", name, room, state).c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace hawser::tools
