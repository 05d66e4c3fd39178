// A place in a list of memory areas, which system calls move forward by the bytes that they have done.
#pragma once

#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "hawser/wire/bytes.h"

namespace hawser::server {

template <class Area>  // Bytes or MutableBytes
class AreaCursor {
 public:
  // At most this many areas go into one call; far below IOV_MAX, and small enough for the stack.
  static constexpr std::size_t chunk = 64;
  using Vectors = std::array<iovec, chunk>;

  explicit AreaCursor(std::span<const Area> areas) : areas_(areas) { skip_empty(); }

  bool at_end() const { return areas_.empty(); }

  // The next areas; how many there are is returned.
  int fill(Vectors& vectors) const {
    const std::size_t count = std::min(areas_.size(), chunk);
    for (std::size_t i = 0; i < count; ++i) {
      // pwritev does not write to what it is given, but its type does not say so.
      vectors[i] = {const_cast<std::uint8_t*>(areas_[i].data()), areas_[i].size()};
    }
    if (count > 0) {
      vectors[0].iov_base = static_cast<std::uint8_t*>(vectors[0].iov_base) + done_in_first_;
      vectors[0].iov_len -= done_in_first_;
    }
    return static_cast<int>(count);
  }

  void advance(std::size_t count) {
    done_in_first_ += count;
    skip_empty();
  }

 private:
  void skip_empty() {
    while (!areas_.empty() && done_in_first_ >= areas_.front().size()) {
      done_in_first_ -= areas_.front().size();
      areas_ = areas_.subspan(1);
    }
  }

  std::span<const Area> areas_;
  std::size_t done_in_first_ = 0;
};

template <class Area>
std::size_t size_of(std::span<const Area> areas) {
  std::size_t size = 0;
  for (const Area& area : areas) size += area.size();
  return size;
}

}  // namespace hawser::server
