// The log of `hawser serve` on standard error: text for people, or a JSON object per line.
#pragma once

#include <atomic>
#include <memory>

#include "hawser/server/log.h"

namespace hawser::tools {

class ProgramLog final : public server::Log {
 public:
  ProgramLog(server::LogLevel minimum, bool json) : minimum_(minimum), json_(json) {}

  void set_minimum(server::LogLevel minimum) { minimum_ = minimum; }
  // JSON: {"level":"info","message":"…","time":"2026-01-31T12:00:00.123Z"}
  void write(server::LogLevel level, std::string_view text) override;

 private:
  std::atomic<server::LogLevel> minimum_;
  const bool json_;
};

}  // namespace hawser::tools
