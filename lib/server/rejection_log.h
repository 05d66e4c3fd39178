// Says who was turned away and why, without letting whoever knocks fill the log: one line for the first, then one a
// while for all that came since.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>

#include "hawser/server/log.h"
#include "hawser/server/server_stats.h"

namespace hawser::server {

class RejectionLog {
 public:
  using Clock = std::chrono::steady_clock;
  explicit RejectionLog(std::shared_ptr<Log> log) : log_(std::move(log)) {}

  void note(Rejection rejection, const std::string& address, Clock::time_point now = Clock::now());

  static constexpr std::chrono::seconds silence{10};

 private:
  const std::shared_ptr<Log> log_;
  std::mutex mutex_;
  std::uint64_t unsaid_ = 0;
  Clock::time_point silent_until_{};
};

}  // namespace hawser::server
