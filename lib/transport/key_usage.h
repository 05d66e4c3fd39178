// How much one direction's keys have protected; the rekey schedule looks at it.
#pragma once

#include <cstdint>

namespace hawser::transport {

struct KeyUsage {
  std::uint64_t bytes = 0;
  std::uint64_t packets = 0;

  void count(std::size_t packet_size) {
    bytes += packet_size;
    ++packets;
  }
};

}  // namespace hawser::transport
