#include "hawser/sftp/request_table.h"

namespace hawser::sftp {
namespace {

constexpr std::uint32_t slot_mask = RequestTable::largest_capacity - 1;
constexpr std::uint32_t next_use = RequestTable::largest_capacity;

}  // namespace

std::uint32_t RequestTable::add(const Pending& pending) {
  assert(!full());
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.push_back({.id = free_.back(), .used = false, .pending = {}});
  }
  Slot& slot = slots_[free_.back()];
  free_.pop_back();
  slot.used = true;
  slot.pending = pending;
  ++size_;
  return slot.id;
}

std::optional<RequestTable::Pending> RequestTable::take(std::uint32_t id) {
  const std::uint32_t index = id & slot_mask;
  if (index >= slots_.size()) return std::nullopt;
  Slot& slot = slots_[index];
  if (!slot.used || slot.id != id) return std::nullopt;
  slot.used = false;
  slot.id += next_use;
  free_.push_back(index);
  --size_;
  return slot.pending;
}

}  // namespace hawser::sftp
