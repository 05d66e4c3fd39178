#include "hawser/client/capability.h"

#include <algorithm>
#include <array>

#include "hawser/client/remote_store_error.h"

namespace hawser::client {

std::string_view name_of(Capability capability) {
  static constexpr std::array<std::string_view, 14> names{"read",
                                                          "write",
                                                          "delete",
                                                          "list",
                                                          "move",
                                                          "copy",
                                                          "atomic_write",
                                                          "atomic_move",
                                                          "metadata",
                                                          "glob",
                                                          "seekable_read",
                                                          "lazy_read",
                                                          "write_result_native",
                                                          "user_metadata"};
  return names[static_cast<std::size_t>(capability)];
}

CapabilitySet::CapabilitySet(std::initializer_list<Capability> capabilities) : members_(capabilities) {
  std::ranges::sort(members_);
  members_.erase(std::unique(members_.begin(), members_.end()), members_.end());
}

bool CapabilitySet::supports(Capability capability) const { return std::ranges::binary_search(members_, capability); }

void CapabilitySet::require(Capability capability, std::string_view backend) const {
  if (supports(capability)) return;
  throw CapabilityNotSupported(std::string(name_of(capability)), {.path = {}, .backend = std::string(backend)});
}

}  // namespace hawser::client
