#include "packet_log.h"

#include <fmt/format.h>

#include "connect.h"
#include "hawser/net/private_log_file.h"
#include "hawser/session/packet_log.h"

namespace hawser::tools {

MakeObserver packet_log_to(const std::string& path) {
  if (path.empty()) return nullptr;
  Result<std::shared_ptr<net::PrivateLogFile>> file = net::PrivateLogFile::open(path);
  if (!file) throw Failure{usage_error, fmt::format("--packet-log {}: {}", path, file.error().message())};
  const auto write = [file = *std::move(file)](std::string_view line) { file->write_line(line); };
  return std::make_shared<session::PacketLog>(write)->observers();
}

}  // namespace hawser::tools
