// handshake/KEX/HOST_KEY: from nothing to the first keys, two transports in memory, no socket. The time is that of both
// sides; `client_seconds` and `server_seconds` tell them apart.
#include <benchmark/benchmark.h>

#include <map>
#include <stdexcept>

#include "hawser/transport/transport.h"
#include "micro.h"

namespace hawser::bench {
namespace {

using crypto::KexRow;
using crypto::KeyType;
using crypto::SignatureRow;
using transport::Transport;
using transport::TransportConfig;

constexpr std::string_view usual_kex = "curve25519-sha256";
constexpr std::string_view usual_host_key = "ssh-ed25519";

std::shared_ptr<const crypto::Signer> host_key(KeyType type) {
  static auto& keys = *new std::map<KeyType, std::shared_ptr<const crypto::Signer>>;
  std::shared_ptr<const crypto::Signer>& key = keys[type];
  if (!key) {
    const std::unique_ptr<crypto::Random> random = crypto::system_random();
    key = std::make_shared<crypto::PrivateKey>(*crypto::PrivateKey::generate(type, *random));
  }
  return key;
}

class Side {
 public:
  Side(Role role, const SharedValue<TransportConfig>& config, crypto::Random& random) {
    seconds_ = cpu_seconds_of([&] { transport_ = std::make_unique<Transport>(role, config, random, TimePoint()); });
  }

  // Takes what the other has sent, and handles all that comes of it.
  void receive(Bytes bytes) {
    seconds_ += cpu_seconds_of([&] {
      while (!bytes.empty()) {
        const MutableBytes space = transport_->receive_space();
        const std::size_t count = std::min(space.size(), bytes.size());
        std::copy_n(bytes.begin(), count, space.begin());
        transport_->received(count);
        bytes = bytes.subspan(count);
        handle_events();
      }
    });
  }

  // All that is to be sent.
  ByteVector take() {
    ByteVector all;
    seconds_ += cpu_seconds_of([&] {
      for (const Bytes part : transport_->transmit()) all.insert(all.end(), part.begin(), part.end());
      transport_->transmitted(all.size());
    });
    return all;
  }

  bool exchanged() const { return exchanged_; }
  double seconds() const { return seconds_; }

 private:
  void handle_events() {
    while (true) {
      const Result<std::optional<transport::TransportEvent>> event = transport_->next();
      if (!event) throw std::runtime_error(event.error().message());
      if (!*event) return;
      if (std::holds_alternative<transport::HostKeyOffered>(**event)) transport_->accept_host_key();
      if (std::holds_alternative<transport::KeyExchanged>(**event)) exchanged_ = true;
    }
  }

  std::unique_ptr<Transport> transport_;
  bool exchanged_ = false;
  double seconds_ = 0;
};

// Until both have keys. Both begin without waiting for the other.
void exchange(Side& client, Side& server) {
  while (!client.exchanged() || !server.exchanged()) {
    const ByteVector to_server = client.take(), to_client = server.take();
    if (to_server.empty() && to_client.empty()) throw std::runtime_error("the handshake does not go on");
    server.receive(to_server);
    client.receive(to_client);
  }
}

void handshake(benchmark::State& state, const KexRow& kex, const SignatureRow& signature) {
  const std::unique_ptr<crypto::Random> random = crypto::system_random();
  TransportConfig config;
  config.algorithms.kex = {std::string(kex.name)};
  config.algorithms.host_key = {std::string(signature.name)};
  config.pool = BufferPool::create();
  const SharedValue<TransportConfig> client_config(config);
  config.host_keys = {host_key(signature.key_type)};
  const SharedValue<TransportConfig> server_config(config);

  // Untimed: what a process computes once, such as the tables of a curve.
  Side first_client(Role::client, client_config, *random), first_server(Role::server, server_config, *random);
  exchange(first_client, first_server);

  double client_seconds = 0, server_seconds = 0;
  for ([[maybe_unused]] auto _ : state) {
    Side client(Role::client, client_config, *random);
    Side server(Role::server, server_config, *random);
    exchange(client, server);
    state.SetIterationTime(client.seconds() + server.seconds());
    client_seconds += client.seconds();
    server_seconds += server.seconds();
  }
  state.counters["client_seconds"] = benchmark::Counter(client_seconds, benchmark::Counter::kAvgIterations);
  state.counters["server_seconds"] = benchmark::Counter(server_seconds, benchmark::Counter::kAvgIterations);
}

void register_pair(const KexRow& kex, const SignatureRow& signature) {
  const std::string name = "handshake/" + std::string(kex.name) + '/' + std::string(signature.name);
  benchmark::RegisterBenchmark(name.c_str(), handshake, kex, signature)->UseManualTime()->Unit(benchmark::kMicrosecond);
}

}  // namespace

void register_handshakes() {
  for (const KexRow& kex : crypto::kex_rows()) register_pair(kex, *crypto::find_signature(usual_host_key));
  for (const SignatureRow& signature : crypto::signature_rows()) {
    if (signature.name != usual_host_key) register_pair(*crypto::find_kex(usual_kex), signature);
  }
}

}  // namespace hawser::bench
