#include "server/memory_content.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace hawser::server {

MemoryContent::~MemoryContent() {
  for (const auto& [index, chunk] : chunks_) quota_->give_back(chunk.capacity);
}

bool MemoryContent::write(std::uint64_t offset, std::span<const Bytes> areas) {
  for (Bytes area : areas) {
    if (area.empty()) continue;
    if (offset > largest_size || area.size() > largest_size - offset) return false;
    while (!area.empty()) {
      const std::size_t at = static_cast<std::size_t>(offset % chunk_size);
      const Bytes part = area.first(std::min(area.size(), chunk_size - at));
      if (!write_in_chunk(offset / chunk_size, at, part)) return false;
      offset += part.size();
      size_ = std::max(size_, offset);
      area = area.subspan(part.size());
    }
  }
  return true;
}

bool MemoryContent::resize(std::uint64_t size) {
  if (size > largest_size) return false;
  const std::uint64_t kept = size / chunk_size;
  auto first_gone = chunks_.lower_bound(size % chunk_size == 0 ? kept : kept + 1);
  for (auto it = first_gone; it != chunks_.end(); ++it) quota_->give_back(it->second.capacity);
  chunks_.erase(first_gone, chunks_.end());
  const auto last = chunks_.find(kept);
  if (last != chunks_.end()) {
    last->second.filled = std::min(last->second.filled, static_cast<std::size_t>(size % chunk_size));
  }
  size_ = size;
  return true;
}

std::size_t MemoryContent::read(std::uint64_t offset, std::span<const MutableBytes> areas) const {
  std::size_t done = 0;
  for (MutableBytes area : areas) {
    while (!area.empty() && offset < size_) {
      const std::size_t at = static_cast<std::size_t>(offset % chunk_size);
      const std::size_t count = static_cast<std::size_t>(std::min(
          {static_cast<std::uint64_t>(area.size()), static_cast<std::uint64_t>(chunk_size - at), size_ - offset}));
      const auto chunk = chunks_.find(offset / chunk_size);
      const std::size_t filled = chunk == chunks_.end() ? 0 : chunk->second.filled;
      const std::size_t stored = filled > at ? std::min(count, filled - at) : 0;
      if (stored > 0) std::memcpy(area.data(), chunk->second.data.get() + at, stored);
      std::memset(area.data() + stored, 0, count - stored);
      offset += count;
      done += count;
      area = area.subspan(count);
    }
  }
  return done;
}

bool MemoryContent::write_in_chunk(std::uint64_t index, std::size_t at, Bytes data) {
  const std::size_t end = at + data.size();
  Chunk* const chunk = chunk_with_room(index, end);
  if (chunk == nullptr) return false;
  if (at > chunk->filled) std::memset(chunk->data.get() + chunk->filled, 0, at - chunk->filled);
  std::memcpy(chunk->data.get() + at, data.data(), data.size());
  chunk->filled = std::max(chunk->filled, end);
  return true;
}

MemoryContent::Chunk* MemoryContent::chunk_with_room(std::uint64_t index, std::size_t needed) {
  const auto known = chunks_.find(index);
  Chunk* chunk = known == chunks_.end() ? nullptr : &known->second;
  const std::size_t before = chunk == nullptr ? 0 : chunk->capacity;
  if (needed <= before) return chunk;
  const std::size_t capacity = index == 0 ? std::bit_ceil(std::max(needed, first_block)) : chunk_size;
  Claim claim(*quota_, capacity - before);
  if (!claim) return nullptr;
  auto data = std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
  if (chunk == nullptr) chunk = &chunks_[index];
  if (chunk->filled > 0) std::memcpy(data.get(), chunk->data.get(), chunk->filled);
  chunk->data = std::move(data);
  chunk->capacity = capacity;
  claim.keep();
  return chunk;
}

}  // namespace hawser::server
