// The requests that a client has sent and that are not yet answered, by id. An id is the slot and a count of its use,
// so that a late or repeated reply never meets another request. Steady use allocates nothing.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "hawser/sftp/requests.h"

namespace hawser::sftp {

class RequestTable {
 public:
  struct Pending {
    std::uint64_t token = 0;  // the caller's own
    ReplyKind expected = ReplyKind::status;
    std::uint8_t type = 0;           // the message number of the request
    std::uint32_t maximum_data = 0;  // what a READ asked for
  };

  static constexpr std::size_t largest_capacity = 0x10000;

  explicit RequestTable(std::size_t capacity) : capacity_(std::min(capacity, largest_capacity)) {}

  bool full() const { return size_ >= capacity_; }
  std::size_t size() const { return size_; }

  // The id for a new request. Only when not full.
  std::uint32_t add(const Pending& pending);
  // Ends the request; nullopt for an id that is not under way.
  std::optional<Pending> take(std::uint32_t id);

  // Ends all requests, calling `use(const Pending&)` for each, in no particular order.
  template <class Use>
  void drain(Use use) {
    for (Slot& slot : slots_) {
      if (!slot.used) continue;
      const Pending pending = slot.pending;
      take(slot.id);
      use(pending);
    }
  }

 private:
  struct Slot {
    std::uint32_t id = 0;
    bool used = false;
    Pending pending;
  };
  std::size_t capacity_;
  std::size_t size_ = 0;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace hawser::sftp
