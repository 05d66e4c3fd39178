// A session that its transport has ended, by the clock or in the middle of a send, with time points of the test's own.
#include <doctest/doctest.h>

#include "hawser/session/session.h"
#include "support/fixed_random.h"
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
