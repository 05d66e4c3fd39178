// Configurations and packets for tests of transports: host keys made once per program, payloads that tell who they are.
#pragma once

#include <map>

#include "hawser/transport/messages.h"
#include "hawser/transport/transport.h"
#include "support/fixed_random.h"

namespace hawser::test {

// One key of each type per program, made when it is first asked for; RSA keys are as small as they may be.
inline std::shared_ptr<const crypto::Signer> host_key(crypto::KeyType type, int which = 0) {
  // Never destroyed: at exit the crypto library's own allocator may be gone before them.
  static auto& keys = *new std::map<std::pair<crypto::KeyType, int>, std::shared_ptr<const crypto::Signer>>;
  std::shared_ptr<const crypto::Signer>& key = keys[{type, which}];
  if (!key) {
    const std::unique_ptr<crypto::Random> random = crypto::system_random();
    key = std::make_shared<crypto::PrivateKey>(*crypto::PrivateKey::generate(type, *random, 2048));
  }
  return key;
}

inline transport::TransportConfig client_config() { return {}; }

inline transport::TransportConfig server_config(crypto::KeyType type = crypto::KeyType::ed25519, int which = 0) {
  transport::TransportConfig config;
  config.host_keys = {host_key(type, which)};
  return config;
}

// A payload with this message number and `size` further bytes that count on from `seed`.
inline ByteVector test_payload(std::uint8_t number, std::size_t size, std::uint8_t seed = 0) {
  ByteVector payload{number};
  for (std::size_t i = 0; i != size; ++i) payload.push_back(static_cast<std::uint8_t>(seed + i));
  return payload;
}

inline void send_payload(PacketSink& sink, Bytes payload) {
  PacketBuffer packet = sink.prepare(payload.size());
  std::copy(payload.begin(), payload.end(), packet.payload().begin());
  sink.send(std::move(packet));
}

// Gives bytes to a transport as a driver does: as much at a time as it offers room for, then `handle()` takes the
// events. Stops where it takes no more.
template <class Handle>
void deliver(transport::Transport& to, Bytes bytes, Handle handle) {
  do {
    const MutableBytes space = to.receive_space();
    const std::size_t count = std::min(space.size(), bytes.size());
    if (count == 0 && !bytes.empty()) return;
    std::copy_n(bytes.begin(), count, space.begin());
    to.received(count);
    bytes = bytes.subspan(count);
    handle();
  } while (!bytes.empty());
}

// Takes all that a transport wants to send.
inline ByteVector take_transmit(transport::Transport& from) {
  ByteVector all;
  for (const Bytes part : from.transmit()) all.insert(all.end(), part.begin(), part.end());
  from.transmitted(all.size());
  return all;
}

}  // namespace hawser::test
