// A byte string that will leave in several packets: each PacketBuffer carries some of it behind a header of its own
// (the CHANNEL_DATA header, or nothing where there is no SSH beneath). The writer of the bytes sees one string and
// crosses the packets' borders without noticing: `write` copies small pieces in, `areas` gives the memory to read a
// file into.
#pragma once

#include <vector>

#include "hawser/wire/packet_buffer.h"

namespace hawser {

class PacketChain {
 public:
  // The bytes of `buffer` from `header_size` on continue the string.
  void append(PacketBuffer buffer, std::size_t header_size);
  void clear();

  std::size_t size() const { return size_; }       // bytes of room
  std::size_t written() const { return cursor_; }  // bytes before the cursor

  // Copies at the cursor and advances it. The room must be there.
  void write(Bytes bytes);
  // Overwrites bytes before the cursor, for lengths that are known late.
  void patch(std::size_t offset, Bytes bytes);
  // The next `count` bytes at the cursor, as the memory they lie in; valid until the chain changes. `advance` moves
  // past them.
  std::span<const MutableBytes> areas(std::size_t count);
  void advance(std::size_t count);
  // Cuts the room down to what is written; packets that became empty are dropped.
  void truncate_to_written();

  struct Part {
    PacketBuffer buffer;
    std::size_t header_size = 0;
  };
  std::vector<Part>& parts() { return parts_; }

 private:
  std::vector<Part> parts_;
  std::vector<MutableBytes> areas_;
  std::size_t size_ = 0;
  std::size_t cursor_ = 0;
};

}  // namespace hawser
