#include "hawser/wire/packet_chain.h"

#include <algorithm>
#include <cassert>

#include "hawser/wire/copy_bytes.h"

namespace hawser {

void PacketChain::append(PacketBuffer buffer, std::size_t header_size) {
  assert(buffer.size() >= header_size);
  const std::size_t size = buffer.size() - header_size;
  parts_.push_back({std::move(buffer), header_size});
  size_ += size;  // not before: push_back may have no memory
}

void PacketChain::clear() {
  parts_.clear();
  areas_.clear();
  size_ = 0;
  cursor_ = 0;
}

namespace {

// Calls `use(memory, done)` for each stretch of the `count` bytes at `offset`.
template <class Use>
void for_each_area(std::vector<PacketChain::Part>& parts, std::size_t offset, std::size_t count, Use use) {
  std::size_t done = 0;
  for (PacketChain::Part& part : parts) {
    if (done == count) return;
    const MutableBytes data = part.buffer.payload().subspan(part.header_size);
    if (offset >= data.size()) {
      offset -= data.size();
      continue;
    }
    const std::size_t length = std::min(data.size() - offset, count - done);
    use(data.subspan(offset, length), done);
    done += length;
    offset = 0;
  }
  assert(done == count);
}

}  // namespace

void PacketChain::write(Bytes bytes) {
  patch(cursor_, bytes);
  cursor_ += bytes.size();
}

void PacketChain::patch(std::size_t offset, Bytes bytes) {
  for_each_area(parts_, offset, bytes.size(),
                [&](MutableBytes memory, std::size_t done) { copy_bytes(bytes.subspan(done, memory.size()), memory); });
}

std::span<const MutableBytes> PacketChain::areas(std::size_t count) {
  areas_.clear();
  for_each_area(parts_, cursor_, count, [&](MutableBytes memory, std::size_t) { areas_.push_back(memory); });
  return areas_;
}

void PacketChain::advance(std::size_t count) {
  assert(cursor_ + count <= size_);
  cursor_ += count;
}

void PacketChain::truncate_to_written() {
  std::size_t left = cursor_;
  std::size_t kept = 0;
  for (Part& part : parts_) {
    if (left == 0) break;
    const std::size_t data = std::min(part.buffer.size() - part.header_size, left);
    part.buffer.shrink(part.header_size + data);
    left -= data;
    ++kept;
  }
  while (parts_.size() > kept) parts_.pop_back();
  size_ = cursor_;
}

}  // namespace hawser
