// The transport before any key: identification, negotiation and key exchange messages in the clear, in either role, in
// pieces of any size.
#include "hawser/transport/transport.h"
#include "support/fixed_random.h"
#include "target.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<BufferPool> pool = BufferPool::create();
  static const std::shared_ptr<const crypto::Signer> host_key = [] {
    test::FixedRandom random(1);
    return std::make_shared<crypto::PrivateKey>(*crypto::PrivateKey::generate(crypto::KeyType::ed25519, random));
  }();
  fuzz::Input input(data, size);
  const std::uint8_t choice = input.byte();
  const Role role = (choice & 1) != 0 ? Role::client : Role::server;
  const std::size_t step = (choice >> 1) + std::size_t{1};

  test::FixedRandom random(2);
  transport::TransportConfig config;
  config.pool = pool;
  config.host_keys = {host_key};
  transport::Transport transport(role, config, random, TimePoint{});
  while (!input.empty()) {
    const MutableBytes space = transport.receive_space();
    const Bytes piece = input.take(std::min(step, space.size()));
    std::copy(piece.begin(), piece.end(), space.begin());
    transport.received(piece.size());
    while (true) {
      const Result<std::optional<transport::TransportEvent>> event = transport.next();
      if (!event) return 0;
      if (!*event) break;
      // Without the peer's secrets no key exchange can finish.
      fuzz::require(!std::holds_alternative<transport::KeyExchanged>(**event));
      fuzz::require(!std::holds_alternative<transport::Packet>(**event));
    }
    std::size_t queued = 0;
    for (const Bytes out : transport.transmit()) queued += out.size();
    transport.transmitted(queued);
  }
  return 0;
}
