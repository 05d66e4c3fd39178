// A key exchange through memory: two transports, no socket, no thread. Shows how a program drives one (RFC 4253).
#include <algorithm>
#include <cstdio>

#include "hawser/transport/transport.h"

using namespace hawser;
using namespace hawser::transport;

namespace {

// What a socket would do: takes what one side has to send and gives it to the other.
bool carry(Transport& from, Transport& to) {
  if (from.transmit().empty()) return false;
  const Bytes bytes = from.transmit().front();
  const MutableBytes space = to.receive_space();
  const std::size_t count = std::min(bytes.size(), space.size());
  std::copy_n(bytes.begin(), count, space.begin());
  to.received(count);
  from.transmitted(count);
  return true;
}

// Handles all events of one side; false when the session is over.
bool handle_events(Transport& transport, const char* who) {
  while (true) {
    Result<std::optional<TransportEvent>> event = transport.next();
    if (!event) {
      std::printf("%s: %s\n", who, event.error().message().c_str());
      return false;
    }
    if (!*event) return true;
    if (const auto* offer = std::get_if<HostKeyOffered>(&**event)) {
      // A real client compares with what it knows of this host, or asks its user.
      std::printf("%s: the server proved %s %s\n", who, offer->algorithm.c_str(), offer->key.fingerprint().c_str());
      transport.accept_host_key();
    } else if (std::get_if<KeyExchanged>(&**event) != nullptr) {
      const Negotiated& n = transport.negotiated();
      std::printf("%s: keys exchanged by %s, ciphers %s and %s, strict: %s\n", who, n.kex.c_str(),
                  n.cipher_client_to_server.c_str(), n.cipher_server_to_client.c_str(), n.strict_kex ? "yes" : "no");
    }
  }
}

}  // namespace

int main() {
  const std::unique_ptr<crypto::Random> random = crypto::system_random();
  Result<crypto::PrivateKey> key = crypto::PrivateKey::generate(crypto::KeyType::ed25519, *random);
  if (!key) return 1;

  TransportConfig server_config;
  server_config.host_keys = {std::make_shared<crypto::PrivateKey>(std::move(*key))};
  const TimePoint now = std::chrono::steady_clock::now();
  Transport server(Role::server, server_config, *random, now);
  Transport client(Role::client, TransportConfig(), *random, now);

  while (true) {
    const bool to_server = carry(client, server);
    if (!handle_events(server, "server")) return 1;
    const bool to_client = carry(server, client);
    if (!handle_events(client, "client")) return 1;
    if (!to_server && !to_client) break;
  }
  std::printf("the client calls the server %s\n", client.peer_identification().c_str());
  return equal(client.session_id().bytes(), server.session_id().bytes()) ? 0 : 1;
}
