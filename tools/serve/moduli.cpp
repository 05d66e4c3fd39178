#include "moduli.h"

#include <fmt/format.h>

#include "hawser/server/ssh_server_manager.h"
#include "tools/connect.h"

namespace hawser::tools {

std::shared_ptr<const crypto::Moduli> load_moduli(const std::string& path) {
  auto moduli = server::moduli_from_file(path);
  if (!moduli) throw Failure{operation_failed, fmt::format("{}: {}", path, moduli.error().message())};
  for (const std::string& warning : (*moduli)->warnings()) fmt::print(stderr, "{}: {}\n", path, warning);
  return *moduli;
}

}  // namespace hawser::tools
