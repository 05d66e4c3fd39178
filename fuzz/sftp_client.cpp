// The client's side of SFTP against any server: every reply is matched to a request, DATA is never longer than asked
// for.
#include "hawser/sftp/client_engine.h"
#include "input_mutator.h"
#include "target.h"

using namespace hawser;

namespace {

constexpr std::uint32_t read_length = 100;

template <class Message>
void ask(sftp::ClientEngine& engine, BufferPool& pool, const Message& message, std::uint64_t token) {
  PacketChain chain;
  chain.append(PacketBuffer(pool, sftp::framed_size(message)), 0);
  engine.send(chain, message, token);
}

// A request that expects each kind of reply in turn.
void ask_next(sftp::ClientEngine& engine, BufferPool& pool, std::uint64_t token) {
  switch (token % 6) {
    case 0: return ask(engine, pool, sftp::Stat{.path = "/x"}, token);
    case 1: return ask(engine, pool, sftp::Read{.handle = {}, .offset = 0, .length = read_length}, token);
    case 2: return ask(engine, pool, sftp::Open{.filename = "/x"}, token);
    case 3: return ask(engine, pool, sftp::Readdir{}, token);
    case 4: return ask(engine, pool, sftp::Remove{.filename = "/x"}, token);
    default: return ask(engine, pool, sftp::ExtendedRequest<sftp::Statvfs>{.body = {.path = "/x"}}, token);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<BufferPool> pool = BufferPool::create();
  fuzz::Input input(data, size);
  const std::size_t step = input.byte() + std::size_t{1};
  sftp::ClientEngine engine(*pool);
  std::uint64_t token = 0;
  while (token != 8) ask_next(engine, *pool, token++);
  while (!input.empty()) {
    engine.feed(Payload::copy_of(input.take(step), *pool));
    while (true) {
      Result<std::optional<sftp::Reply>> reply = engine.next();
      if (!reply) return 0;
      if (!*reply) break;
      fuzz::require((*reply)->data.size() <= read_length);
      engine.recycle(std::move(**reply));
      ask_next(engine, *pool, token++);
    }
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  return fuzz::mutate_input(fuzz::sftp_after(1), data, size, max_size, seed);
}
