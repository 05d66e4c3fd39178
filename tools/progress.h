// One line on the terminal that tells how far a transfer is: name, share, bytes, rate, time left. Nothing where
// standard error is not a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace hawser::tools {

class Progress {
 public:
  explicit Progress(bool wanted);
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void begin(const std::string& name);
  // May be called as often as one likes; draws ten times a second.
  void update(std::uint64_t done, std::uint64_t total);
  void finish();

 private:
  void draw(std::chrono::steady_clock::time_point now);

  bool active_;
  std::string name_;
  std::chrono::steady_clock::time_point started_, drawn_;
  std::uint64_t done_ = 0, total_ = 0;
};

// "1.5 GiB", "312 KiB", "17 B".
std::string byte_count(std::uint64_t bytes);

}  // namespace hawser::tools
