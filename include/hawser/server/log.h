// Where a server writes what its owner may want to read. Null by default: then nothing is formatted.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "hawser/wire/dump.h"

namespace hawser::server {

enum class LogLevel { debug, info, warning, error };

class Log {
 public:
  virtual ~Log() = default;
  // Called from any thread. The text is one line, without secrets, and with the peer's control bytes escaped.
  virtual void write(LogLevel level, std::string_view text) = 0;
};

// Lines on standard error, from `minimum` up.
std::shared_ptr<Log> log_to_stderr(LogLevel minimum = LogLevel::info);

// The bytes of a peer as a log may show them.
using wire::escaped;

}  // namespace hawser::server
