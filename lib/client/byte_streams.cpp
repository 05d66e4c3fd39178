#include "hawser/client/byte_streams.h"

#include <algorithm>

#include "hawser/client/remote_store_error.h"
#include "hawser/wire/copy_bytes.h"

namespace hawser::client {

void ReadStream::seek(std::uint64_t) { throw CapabilityNotSupported("seekable_read"); }

ByteVector ReadStream::read_all() {
  constexpr std::size_t step = 1024 * 1024;
  ByteVector all;
  while (true) {
    const std::size_t before = all.size();
    all.resize(before + step);
    const std::size_t count = read(MutableBytes(all).subspan(before));
    all.resize(before + count);
    if (count < step) return all;
  }
}

std::size_t MemoryReadStream::read(MutableBytes into) {
  if (position_ >= bytes_.size()) return 0;
  const Bytes rest = bytes_.subspan(static_cast<std::size_t>(position_));
  const std::size_t count = std::min(rest.size(), into.size());
  copy_bytes(rest.first(count), into);
  position_ += count;
  return count;
}

}  // namespace hawser::client
