// The transport with keys in use: two of them exchange keys in memory, then the input's packets are sealed by one and
// opened by the other, so that everything behind the MAC is reached: rekeying, EXT_INFO, PING, floods.
#include "hawser/session/message_table.h"
#include "hawser/transport/transport.h"
#include "input_mutator.h"
#include "support/fixed_random.h"
#include "target.h"

using namespace hawser;
using transport::Transport;

namespace {

// Moves everything from one to the other; false when the receiver has given up.
bool move_bytes(Transport& from, Transport& to, Transport* accept_host_key_of) {
  while (true) {
    std::size_t moved = 0;
    for (Bytes piece : from.transmit()) {
      moved += piece.size();
      while (!piece.empty()) {
        const MutableBytes space = to.receive_space();
        const std::size_t count = std::min(space.size(), piece.size());
        std::copy_n(piece.begin(), count, space.begin());
        piece = piece.subspan(count);
        to.received(count);
        while (true) {
          const Result<std::optional<transport::TransportEvent>> event = to.next();
          if (!event) return false;
          if (!*event) break;
          if (std::holds_alternative<transport::HostKeyOffered>(**event) && accept_host_key_of != nullptr) {
            accept_host_key_of->accept_host_key();
          }
        }
      }
    }
    if (moved == 0) return true;
    from.transmitted(moved);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<BufferPool> pool = BufferPool::create();
  static const std::shared_ptr<const crypto::Signer> host_key = [] {
    test::FixedRandom random(1);
    return std::make_shared<crypto::PrivateKey>(*crypto::PrivateKey::generate(crypto::KeyType::ed25519, random));
  }();
  fuzz::Input input(data, size);
  const std::uint8_t choice = input.byte();
  test::FixedRandom client_random(2), server_random(3);
  transport::TransportConfig config;
  config.pool = pool;
  config.host_keys = {host_key};
  if ((choice & 2) != 0) config.algorithms.cipher = {"aes128-ctr"};
  Transport client(Role::client, config, client_random, TimePoint{});
  Transport server(Role::server, config, server_random, TimePoint{});
  for (Transport* side : {&client, &server}) side->set_message_rule(session::message_verdict);
  for (int round = 0; round < 6; ++round) {
    fuzz::require(move_bytes(client, server, &client) && move_bytes(server, client, &client));
  }
  Transport& attacker = (choice & 1) != 0 ? client : server;
  Transport& victim = (choice & 1) != 0 ? server : client;
  if ((choice & 4) != 0) victim.set_service_phase(transport::ServicePhase::authentication);
  if ((choice & 8) != 0) victim.set_service_phase(transport::ServicePhase::connection);
  while (!input.empty()) {
    const Bytes packet = input.packet();
    PacketBuffer buffer = attacker.prepare(packet.size());
    std::copy(packet.begin(), packet.end(), buffer.payload().begin());
    attacker.send(std::move(buffer));
    if (!move_bytes(attacker, victim, &client)) return 0;
    // What the victim answers is dropped, but must stay bounded.
    std::size_t queued = 0;
    for (const Bytes out : victim.transmit()) queued += out.size();
    fuzz::require(queued <= config.send_hard_limit + limits::packet_length);
    victim.transmitted(queued);
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  return fuzz::mutate_input(fuzz::packets_after(1), data, size, max_size, seed);
}
