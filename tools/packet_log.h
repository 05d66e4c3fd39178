// What --packet-log FILE asks for: a line for each packet of every session that the command has.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "hawser/transport/observer.h"

namespace hawser::tools {

using MakeObserver = std::function<std::shared_ptr<transport::Observer>(Role)>;

// For TransportConfig::make_observer; null where the path is empty. The file is one that only its owner may read, and
// lines are appended to it. Throws Failure.
MakeObserver packet_log_to(const std::string& path);

}  // namespace hawser::tools
