// Our client with their server.
#include <doctest/doctest.h>

#include <algorithm>

#include "hawser/client/client.h"
#include "matrix.h"
#include "report.h"
#include "support/run_awaitable.h"

namespace hawser::test {
namespace {

struct Attempt {
  PeerOffer offer;
  std::string failure;
};

// Whoever answers is the one: the peer has just been started.
std::shared_ptr<client::HostKeyVerifier> any_host_key() {
  return std::make_shared<client::KnownHostsVerifier>(client::KnownHosts(), client::HostKeyPolicy::auto_add);
}

client::Awaitable<Attempt> log_in(client::ClientOptions options) {
  const auto offer = std::make_shared<PeerOffer>();
  options.session.transport.on_kexinit = [offer](const std::string& identification, const transport::KexInit& message) {
    *offer = PeerOffer(identification, message);
  };
  client::Awaitable<client::ConnectResult> connecting = client::Client::connect(std::move(options));
  const client::ConnectResult connected = co_await std::move(connecting);
  if (!connected) co_return Attempt{*offer, connected.error().message()};
  const std::shared_ptr<client::Client> client = *connected;
  const std::vector<std::string>& user_keys = client->connection().session().transport().peer_signature_algorithms();
  if (!user_keys.empty()) offer->user_key = user_keys;
  ByteVector input = to_vector(as_bytes(matrix_content()));
  const Result<client::ProcessOutput> said = co_await client->run("cat", std::move(input));
  client->disconnect();
  if (!said) co_return Attempt{*offer, said.error().message()};
  const bool same = as_text(said->output) == matrix_content();
  co_return Attempt{*offer, same ? "" : "other bytes came back"};
}

}  // namespace

void check_their_server(const TheirServer& peer, const MatrixKeys& keys) {
  asio::io_context io;
  const auto attempt = [&](int port, const crypto::AlgorithmPolicy& policy, crypto::KeyType key) {
    client::ClientOptions options;
    options.host = "127.0.0.1";
    options.port = static_cast<std::uint16_t>(port);
    options.user = peer.user;
    options.credentials = {client::Key(std::make_shared<crypto::PrivateKey>(keys.user_key(key)))};
    options.host_keys = any_host_key();
    options.session.transport.algorithms = policy;
    return run(io, log_in(std::move(options)));
  };
  CAPTURE(peer.name);
  std::vector<PeerOffer> offers;
  for (const int port : peer.ports) {
    const Attempt first = attempt(port, every_algorithm(), crypto::KeyType::ed25519);
    REQUIRE(first.failure == "");
    offers.push_back(first.offer);
  }
  const MatrixReport report{peer.name, offers.front().software, "client"};
  for (const MatrixRow& row : matrix_rows()) {
    const auto offer = std::ranges::find_if(offers, [&row](const PeerOffer& one) { return one.has(row); });
    if (offer == offers.end()) {
      report.absent(row);
      continue;
    }
    const int port = peer.ports[static_cast<std::size_t>(offer - offers.begin())];
    report.done(row, attempt(port, only(row), user_key_for(row)).failure);
  }
}

}  // namespace hawser::test
