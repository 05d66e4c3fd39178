#include "program_log.h"

#include <fmt/chrono.h>

#include <cstdio>
#include <nlohmann/json.hpp>

namespace hawser::tools {
namespace {

std::string now() {
  using namespace std::chrono;
  const auto time = system_clock::now();
  const auto part = duration_cast<milliseconds>(time.time_since_epoch()) % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(system_clock::to_time_t(time)), part.count());
}

}  // namespace

void ProgramLog::write(server::LogLevel level, std::string_view text) {
  if (level < minimum_) return;
  constexpr std::array names{"debug", "info", "warning", "error"};
  const char* name = names[static_cast<std::size_t>(level)];
  std::string line;
  if (json_) {
    const nlohmann::json object{{"time", now()}, {"level", name}, {"message", text}};
    line = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  } else {
    line = fmt::format("{}: {}\n", name, text);
  }
  std::fwrite(line.data(), 1, line.size(), stderr);  // one call, so that the lines of several threads do not mix
}

}  // namespace hawser::tools
