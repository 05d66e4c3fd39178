// What a Backend can do. Some capabilities gate an operation, which throws CapabilityNotSupported without them; the
// others say how well something is done.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace hawser::client {

enum class Capability : std::uint8_t {
  read,
  write,
  delete_,
  list,
  move,
  copy,
  atomic_write,
  atomic_move,  // a quality: no reader ever sees a moved file missing or twice
  metadata,
  glob,
  seekable_read,        // a quality: what `read` gives can seek
  lazy_read,            // a quality: `read` fetches nothing before it is asked
  write_result_native,  // a quality: WriteResult holds what the server told
  user_metadata,        // gates WriteOptions::metadata
};

// "read", "delete", "atomic_write"
std::string_view name_of(Capability);

// Immutable once made.
class CapabilitySet {
 public:
  CapabilitySet(std::initializer_list<Capability> capabilities);

  bool supports(Capability) const;
  // Throws CapabilityNotSupported with the capability's name.
  void require(Capability, std::string_view backend) const;

  std::size_t size() const { return members_.size(); }
  auto begin() const { return members_.begin(); }
  auto end() const { return members_.end(); }
  friend bool operator==(const CapabilitySet&, const CapabilitySet&) = default;

 private:
  std::vector<Capability> members_;  // sorted, each once
};

}  // namespace hawser::client
