// A session that its transport has ended, by the clock or in the middle of a send, with time points of the test's own.
#include <doctest/doctest.h>

#include "hawser/session/session.h"
#include "support/fixed_random.h"
#include "support/session_pair.h"
#include "support/test_keys.h"

using namespace hawser;
using namespace hawser::test;
using namespace std::chrono_literals;

namespace {

session::SessionConfig config_of_server() {
  session::SessionConfig config;
  config.transport.host_keys = {std::make_shared<crypto::PrivateKey>(ed25519_key())};
  return config;
}

}  // namespace

TEST_CASE("session: a key exchange that does not end in time is its failure, and nothing is due any more") {
  FixedRandom random(1);
  session::SessionConfig config = config_of_server();
  config.transport.key_exchange_time = 60s;
  config.login_time = 120s;
  const TimePoint start;
  session::Session session(Role::server, config, random, start);
  session.tick(start + 59s);
  CHECK_FALSE(session.failure());
  CHECK(session.deadline() == start + 60s);
  session.tick(start + 60s);
  REQUIRE(session.failure());
  CHECK(session.failure()->code() == Errc::timed_out);
  CHECK_FALSE(session.deadline());
  session.tick(start + 120s);  // the first reason stays
  CHECK(session.failure()->code() == Errc::timed_out);
  CHECK(session.next().error().code() == Errc::timed_out);
}

TEST_CASE("session: login that does not end in time is its failure, told by next as well") {
  FixedRandom random(1);
  session::SessionConfig config = config_of_server();
  config.transport.key_exchange_time = 60s;
  config.login_time = 30s;
  const TimePoint start;
  session::Session session(Role::server, config, random, start);
  session.tick(start + 30s);
  REQUIRE(session.failure());
  CHECK(session.failure()->code() == Errc::login_timeout);
  CHECK_FALSE(session.deadline());
  CHECK(session.next().error().code() == Errc::login_timeout);
}

TEST_CASE("session: a send queue that is full is its failure, whoever has sent") {
  FixedRandom random(1);
  session::SessionConfig config = config_of_server();
  config.transport.send_hard_limit = 1000;
  session::Session session(Role::server, config, random, TimePoint());
  transport::Transport& transport = session.transport();
  PacketBuffer packet = transport.prepare(2000);
  packet.payload()[0] = 94;
  CHECK_FALSE(session.failure());
  transport.send(std::move(packet));
  REQUIRE(session.failure());
  CHECK(session.failure()->code() == Errc::queue_full);
  CHECK_FALSE(session.deadline());
  session.disconnect(transport::DisconnectReason::by_application, "late");
  CHECK(session.failure()->code() == Errc::queue_full);
}

TEST_CASE("session: idle is who sends no packet, however seldom the driver ticks") {
  SessionPair pair(BufferPool::create());  // 15 minutes of idle time
  pair.pump();
  REQUIRE(pair.client.session.authenticated());
  session::Session& server = pair.server.session;
  const TimePoint start;
  server.tick(start);
  const std::optional<TimePoint> first = server.deadline();
  REQUIRE(first);
  // One packet just before, with no tick to tell when: it counts.
  send_payload(pair.client.session.transport(), ByteVector{2, 0, 0, 0, 0});
  pair.pump();
  server.tick(start + 15min);
  CHECK_FALSE(server.failure());
  // Nothing, and parts of a packet, do not.
  static_cast<void>(server.receive_space());
  server.received(0);
  send_payload(pair.client.session.transport(), ByteVector{2, 0, 0, 0, 0});
  const ByteVector packet = pair.client.take_transmit();
  pair.server.receive(Bytes(packet).first(packet.size() - 1));
  server.tick(start + 30min);
  REQUIRE(server.failure());
  CHECK(server.failure()->code() == Errc::idle_timeout);
}
