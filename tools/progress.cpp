#include "progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

#include "printable.h"

namespace hawser::tools {
namespace {

constexpr auto period = std::chrono::milliseconds(100);

// Asked each time, so that a change of the window's size shows with the next drawing.
std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// The last column stays free: many terminals wrap when it is written to. The cursor goes back to the first, so that the
// "^C" of the terminal does not wrap either.
void put_line(const std::string& line) {
  std::fputs(("\r" + line + "\x1b[K\r").c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

Progress::Progress(const asio::any_io_executor& executor, bool wanted)
    : timer_(executor), terminal_(wanted && ::isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() { end(); }

void Progress::say(const std::string& text) {
  const auto now = RateWindow::Clock::now();
  if (!terminal_ || now - said_ < period) return;
  said_ = now;
  put_line(shortened(text, terminal_width() - 1));
  drawn_ = true;
}

void Progress::begin(std::uint64_t files, std::uint64_t bytes) {
  wipe();
  state_ = {};
  state_.files = files;
  state_.total = bytes;
  rate_ = {};
  running_ = terminal_;
  if (running_) tick();
}

void Progress::moved(std::uint64_t bytes) { state_.done += bytes; }

void Progress::correct_total(std::int64_t difference) { state_.total += static_cast<std::uint64_t>(difference); }

void Progress::end() {
  running_ = false;
  timer_.cancel();
  wipe();
}

void Progress::wipe() {
  if (drawn_) put_line("");
  drawn_ = false;
}

void Progress::tick() {
  rate_.add(RateWindow::Clock::now(), state_.done);
  draw();
  timer_.expires_after(period);
  timer_.async_wait([this](const asio::error_code& error) {
    if (!error && running_) tick();
  });
}

void Progress::draw() {
  state_.rate = rate_.rate();
  put_line(progress_line(state_, terminal_width() - 1));
  drawn_ = true;
}

}  // namespace hawser::tools
