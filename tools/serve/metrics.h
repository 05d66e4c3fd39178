// The counters of a server as a page for Prometheus.
#pragma once

#include <memory>
#include <string>

#include "hawser/server/ssh_server_manager.h"

namespace prometheus {
class Collectable;
class Exposer;
}  // namespace prometheus

namespace hawser::tools {

// Serves http://`address`/metrics while it lives. The manager is borrowed. Throws Failure where it cannot listen there.
class MetricsPage {
 public:
  MetricsPage(const std::string& address, const server::SSHServerManager& manager);
  ~MetricsPage();

 private:
  std::shared_ptr<prometheus::Collectable> counters_;
  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace hawser::tools
