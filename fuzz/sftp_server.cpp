// The server's side of SFTP: any bytes, in pieces of any size. What comes out as a request can be answered once.
#include "hawser/sftp/server_engine.h"
#include "input_mutator.h"
#include "target.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<BufferPool> pool = BufferPool::create();
  fuzz::Input input(data, size);
  const std::size_t step = input.byte() + std::size_t{1};
  sftp::ServerEngine engine(*pool);
  std::vector<sftp::Request> held;
  while (!input.empty()) {
    engine.feed(Payload::copy_of(input.take(step), *pool));
    while (true) {
      Result<std::optional<sftp::Request>> request = engine.next();
      if (!request) return 0;
      if (!*request) break;
      if (const auto* read = std::get_if<sftp::Read>(&(*request)->body)) {
        fuzz::require(read->length <= engine.options().maximum_read);
      }
      held.push_back(std::move(**request));
      if (held.size() > 4) {
        engine.release(std::move(held.front()));
        held.erase(held.begin());
      }
    }
    fuzz::require(engine.buffered() <= sftp::maximum_message_size + step + 4 || engine.full());
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  return fuzz::mutate_input(fuzz::sftp_after(1), data, size, max_size, seed);
}
