// What one connection has moved. Written on its strand, read from anywhere.
#pragma once

#include <atomic>
#include <cstdint>

namespace hawser::server {

struct Traffic {
  std::atomic<std::uint64_t> received{0};
  std::atomic<std::uint64_t> sent{0};
};

// With a single writer an add need not lock the bus.
inline void count(std::atomic<std::uint64_t>& counter, std::uint64_t bytes) {
  counter.store(counter.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
}

}  // namespace hawser::server
