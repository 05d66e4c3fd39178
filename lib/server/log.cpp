#include "hawser/server/log.h"

#include <array>
#include <cstdio>
#include <string>

namespace hawser::server {

namespace {

class StderrLog final : public Log {
 public:
  explicit StderrLog(LogLevel minimum) : minimum_(minimum) {}

  void write(LogLevel level, std::string_view text) override {
    if (level < minimum_) return;
    constexpr std::array names{"debug", "info", "warning", "error"};
    std::string line = names[static_cast<std::size_t>(level)];
    line.append(": ").append(text).append("\n");
    std::fwrite(line.data(), 1, line.size(), stderr);  // one call, so that the lines of several threads do not mix
  }

 private:
  LogLevel minimum_;
};

}  // namespace

std::shared_ptr<Log> log_to_stderr(LogLevel minimum) { return std::make_shared<StderrLog>(minimum); }

}  // namespace hawser::server
