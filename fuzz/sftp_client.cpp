// The client's side of SFTP against any server: every reply is matched to a request, DATA is never longer than asked
// for.
#include "hawser/sftp/client_engine.h"
#include "input_mutator.h"
#include "target.h"

using namespace hawser;

namespace {

PacketChain room(BufferPool& pool, std::size_t size) {
  PacketChain chain;
  chain.append(PacketBuffer(pool, size), 0);
  return chain;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<BufferPool> pool = BufferPool::create();
  fuzz::Input input(data, size);
  const std::size_t step = input.byte() + std::size_t{1};
  sftp::ClientEngine engine(*pool);
  constexpr std::uint32_t read_length = 100;
  for (std::uint64_t token = 0; token < 8; ++token) {
    const sftp::Stat stat{.path = "/x"};
    const sftp::Read read{.handle = {}, .offset = 0, .length = read_length};
    PacketChain chain = room(*pool, 64);
    if (token % 2 == 0) {
      engine.send(chain, stat, token);
    } else {
      engine.send(chain, read, token);
    }
  }
  while (!input.empty()) {
    engine.feed(Payload::copy_of(input.take(step), *pool));
    while (true) {
      Result<std::optional<sftp::Reply>> reply = engine.next();
      if (!reply) return 0;
      if (!*reply) break;
      fuzz::require((*reply)->data.size() <= read_length);
      engine.recycle(std::move(**reply));
    }
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  return fuzz::mutate_input(fuzz::sftp_after(1), data, size, max_size, seed);
}
