// The progress line on the terminal that standard error is: drawn ten times a second, in the width that the terminal
// has at that moment, never wrapped, and wiped away whenever something else is to be said. Nothing where standard error
// is not a terminal.
#pragma once

#include <asio/steady_timer.hpp>
#include <string>

#include "progress_text.h"

namespace hawser::tools {

class Progress {
 public:
  Progress(const asio::any_io_executor& executor, bool wanted);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // A line of its own before the numbers are known: "looking: 1234 names".
  void say(const std::string& text);
  void begin(std::uint64_t files, std::uint64_t bytes);
  void name(const std::string& name) { state_.name = name; }
  void moved(std::uint64_t bytes);  // more
  void file_done() { ++state_.files_done; }
  // Bytes that do not have to move after all, or more that do.
  void correct_total(std::int64_t difference);
  void end();
  // Before anything else is printed; the next drawing brings the line back.
  void wipe();

 private:
  void tick();
  void draw();

  asio::steady_timer timer_;
  bool terminal_;
  bool running_ = false;
  bool drawn_ = false;
  ProgressState state_;
  RateWindow rate_;
  RateWindow::Clock::time_point said_{};
};

}  // namespace hawser::tools
