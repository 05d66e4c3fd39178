#include "support/transcript.h"

#include "support/session_pair.h"

using namespace hawser;
using namespace hawser::test;

namespace {

constexpr std::uint64_t client_seed = 1;  // as SessionPair gives them
constexpr std::uint64_t server_seed = 2;

std::string long_text() {
  std::string text;
  while (text.size() < 5000) text += "what is sent there and comes back, " + std::to_string(text.size());
  return text;
}

transport::TransportConfig with_rekeys(transport::TransportConfig config) {
  config.rekey.time = std::chrono::seconds(10);
  return config;
}

struct Recorded {
  std::shared_ptr<TranscriptRecorder> client = std::make_shared<TranscriptRecorder>(Role::client, client_seed);
  std::shared_ptr<TranscriptRecorder> server = std::make_shared<TranscriptRecorder>(Role::server, server_seed);
  std::uint64_t key_exchanges = 0;
};

session::SessionConfig session_config(transport::TransportConfig transport) {
  session::SessionConfig config;
  config.transport = std::move(transport);
  config.user = "joe";
  config.userauth.initial_methods = {"password"};
  return config;
}

// Key exchange, a login, an echo, rekeys by the clock, and the goodbye.
Recorded record(const transport::TransportConfig& client_side, const transport::TransportConfig& server_side) {
  Recorded recorded;
  transport::TransportConfig client = client_side;
  client.make_observer = [&](Role) { return recorded.client; };
  transport::TransportConfig server = server_side;
  server.make_observer = [&](Role) { return recorded.server; };
  SessionPair pair(BufferPool::create(), client, server);
  pair.client.session.tick(TimePoint() + std::chrono::milliseconds(1));
  pair.client.text = long_text();
  pair.pump();
  for (const int seconds : {1, 12, 24, 36}) {
    pair.client.session.tick(TimePoint() + std::chrono::seconds(seconds));
    pair.server.session.tick(TimePoint() + std::chrono::seconds(seconds));
    pair.pump();
  }
  pair.client.session.tick(TimePoint() +
                           std::chrono::seconds(37));  // keeps the goodbye apart from what was sent before
  pair.client.session.disconnect(transport::DisconnectReason::by_application, "done");
  pair.pump();
  CHECK((pair.client.echoed == pair.client.text));
  recorded.key_exchanges = pair.client.session.transport().stats().key_exchanges;
  return recorded;
}

transport::TransportConfig server_side() { return with_rekeys(server_config()); }
transport::TransportConfig client_side() { return with_rekeys(client_config()); }

// The client says goodbye of its own accord, not because of what it received.
void replay_client(const Transcript& transcript, EchoClientEnd& end) {
  Transcript before_goodbye = transcript;
  const TranscriptStep goodbye = before_goodbye.steps.back();
  REQUIRE(goodbye.kind == TranscriptStep::Kind::sent);
  before_goodbye.steps.pop_back();
  end.text = long_text();
  replay(before_goodbye, end.session, [&](Bytes bytes) { end.receive(bytes); });
  end.session.disconnect(transport::DisconnectReason::by_application, "done");
  CHECK(sends_again(end.session, goodbye.bytes));
  CHECK(end.session.transmit().empty());
}

}  // namespace

TEST_CASE("transcript: a client runs again, byte for byte, from the server's bytes alone") {
  const Recorded recorded = record(client_side(), server_side());
  CHECK(recorded.key_exchanges >= 3);
  EchoClientEnd again(Role::client, session_config(client_side()), client_seed);
  replay_client(recorded.client->transcript(), again);
  CHECK((again.echoed == long_text()));
  CHECK(again.session.transport().stats().key_exchanges == recorded.key_exchanges);
}

TEST_CASE("transcript: a server runs again, byte for byte, from the client's bytes alone") {
  const Recorded recorded = record(client_side(), server_side());
  EchoServerEnd again(Role::server, session_config(server_side()), server_seed);
  replay(recorded.server->transcript(), again.session, [&](Bytes bytes) { again.receive(bytes); });
  CHECK(again.successes == 1);
}

TEST_CASE("transcript: every key exchange, host key and compression of ours runs again") {
  const crypto::AlgorithmPolicy all = crypto::AlgorithmPolicy::modern();
  for (const std::string& kex : all.kex) {
    if (kex.starts_with("diffie-hellman-group1")) continue;  // slow, and the same arithmetic as the others
    for (const crypto::KeyType key : {crypto::KeyType::ed25519, crypto::KeyType::ecdsa_p256, crypto::KeyType::rsa}) {
      CAPTURE(kex);
      transport::TransportConfig client = client_config();
      client.algorithms.kex = {kex};
      client.algorithms.compression = {"zlib@openssh.com"};
      transport::TransportConfig server = server_config(key);
      server.algorithms.compression = {"zlib@openssh.com"};
      const Recorded recorded = record(client, server);
      EchoClientEnd client_again(Role::client, session_config(client), client_seed);
      replay_client(recorded.client->transcript(), client_again);
      EchoServerEnd server_again(Role::server, session_config(server), server_seed);
      replay(recorded.server->transcript(), server_again.session, [&](Bytes bytes) { server_again.receive(bytes); });
    }
  }
}

TEST_CASE("transcript: another seed sends other bytes, so that the comparison is one") {
  const Recorded recorded = record(client_side(), server_side());
  EchoClientEnd other(Role::client, session_config(client_side()), client_seed + 1);
  const Transcript& transcript = recorded.client->transcript();
  const auto first = std::ranges::find(transcript.steps, TranscriptStep::Kind::sent, &TranscriptStep::kind);
  CHECK_FALSE(sends_again(other.session, first->bytes));
}

TEST_CASE("transcript: its text holds all of it") {
  const Recorded recorded = record(client_side(), server_side());
  recorded.client->note("kex", "some-name");
  const Transcript& transcript = recorded.client->transcript();
  const Transcript read = Transcript::from_text("# a comment\n" + transcript.text());
  CHECK(read.role == Role::client);
  CHECK(read.seed == client_seed);
  CHECK(read.notes == std::map<std::string, std::string>{{"kex", "some-name"}});
  CHECK((read.steps == transcript.steps));
  CHECK(read.text() == transcript.text());
  CHECK_THROWS_AS(Transcript::from_text("nonsense 1\n"), std::invalid_argument);
}
