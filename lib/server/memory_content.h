// The bytes of one file in memory, in chunks; what was never written is a hole that reads as zeros and takes no memory.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>

#include "hawser/wire/bytes.h"
#include "server/allowance.h"

namespace hawser::server {

class MemoryContent {
 public:
  static constexpr std::size_t chunk_size = 64 * 1024;
  static constexpr std::size_t first_block = 4 * 1024;  // a small file takes less than a chunk
  static constexpr std::uint64_t largest_size = INT64_MAX;

  explicit MemoryContent(std::shared_ptr<Allowance> quota) : quota_(std::move(quota)) {}
  ~MemoryContent();
  MemoryContent(const MemoryContent&) = delete;
  MemoryContent& operator=(const MemoryContent&) = delete;

  // False when the quota is used up, or the file would become too large: what came before stays written.
  bool write(std::uint64_t offset, std::span<const Bytes> areas);
  bool resize(std::uint64_t size);

  std::size_t read(std::uint64_t offset, std::span<const MutableBytes> areas) const;
  std::uint64_t size() const { return size_; }

 private:
  struct Chunk {
    std::unique_ptr<std::uint8_t[]> data;
    std::size_t capacity = 0;
    std::size_t filled = 0;  // all after it reads as zeros
  };

  bool write_in_chunk(std::uint64_t index, std::size_t at, Bytes data);
  // Null: the quota is used up, and there is no chunk that was not there before.
  Chunk* chunk_with_room(std::uint64_t index, std::size_t needed);

  std::shared_ptr<Allowance> quota_;
  std::map<std::uint64_t, Chunk> chunks_;
  std::uint64_t size_ = 0;
};

}  // namespace hawser::server
