// What the transport does by the clock, with time points of the test's own.
#include <doctest/doctest.h>

#include "support/loopback.h"
#include "support/raw_peer.h"
#include "transport/timer.h"

using namespace hawser;
using namespace hawser::test;
using namespace std::chrono_literals;

namespace {

// Ticks as a driver does: at each deadline, until it lies ahead of `now`.
void tick(transport::Transport& transport, TimePoint now) {
  for (int i = 0; i != 10; ++i) {
    transport.tick(now);
    if (!transport.deadline() || *transport.deadline() > now) return;
  }
  FAIL("the deadline never moves ahead");
}

}  // namespace

TEST_CASE("deadline: a timer that is started between ticks begins with the next one") {
  transport::Timer timer;
  const TimePoint start;
  CHECK_FALSE(timer.deadline(start));
  timer.start(10s);
  CHECK(timer.deadline(start) == start);
  CHECK_FALSE(timer.expired(start + 100s));
  CHECK(timer.deadline(start) == start + 110s);
  CHECK_FALSE(timer.expired(start + 109s));
  CHECK(timer.expired(start + 110s));
  CHECK_FALSE(timer.expired(start + 111s));
  CHECK_FALSE(timer.deadline(start));
}

TEST_CASE(
    "[CVE-2024-6387, CVE-2024-6409] deadline: a first key exchange that does not end in time ends the session, at "
    "whatever step") {
  for (const Role role : {Role::client, Role::server}) {
    for (int step = 0; step != 4; ++step) {
      CAPTURE(step);
      RawPeer peer(role, role == Role::client ? server_config() : client_config());
      REQUIRE(peer.subject.deadline() == TimePoint() + 60s);
      if (step >= 1) peer.identify();
      if (step >= 2) {
        peer.send_kexinit();
        REQUIRE(peer.agree());
      }
      if (step >= 3) REQUIRE(peer.run_method());
      tick(peer.subject, TimePoint() + 59s);
      peer.drain();
      CHECK(peer.error() == Errc::ok);
      tick(peer.subject, TimePoint() + 119s);
      peer.drain();
      CHECK(peer.error() == Errc::timed_out);
    }
  }
}

TEST_CASE("[CVE-2025-22869] deadline: a rekey that the peer never finishes ends the session") {
  RawPeer peer(Role::client, server_config());
  REQUIRE(peer.connect());
  const TimePoint start = TimePoint() + 30min;
  peer.subject.rekey();
  tick(peer.subject, start);
  tick(peer.subject, start + 59s);
  peer.drain();
  CHECK(peer.error() == Errc::ok);
  tick(peer.subject, start + 60s);
  peer.drain();
  CHECK(peer.error() == Errc::timed_out);
}

TEST_CASE("deadline: a rekey long after the last tick is not late because of it") {
  Loopback link;
  REQUIRE(link.connect());
  tick(link.client.transport, TimePoint());
  // Ten minutes pass in which nothing asks for a tick, then the peer starts an exchange.
  link.server.transport.rekey();
  link.pump();
  tick(link.client.transport, TimePoint() + 10min);
  link.pump();
  CHECK(link.client.key_exchanges.size() == 2);
  CHECK_FALSE(link.client.transport.closed());
  REQUIRE(link.client.transport.deadline());
  tick(link.client.transport, TimePoint() + 11min);
  CHECK(link.client.transport.deadline() == TimePoint() + 70min);
}

TEST_CASE("deadline: ticking by nothing but deadlines keeps a session alive and its keys fresh") {
  Loopback link;
  REQUIRE(link.connect());
  TimePoint now;
  for (int i = 0; i != 40; ++i) {
    tick(link.client.transport, now);
    tick(link.server.transport, now);
    link.pump();
    REQUIRE(link.client.transport.deadline());
    REQUIRE(link.server.transport.deadline());
    now = std::max(now, std::min(*link.client.transport.deadline(), *link.server.transport.deadline()));
  }
  CHECK_FALSE(link.client.transport.closed());
  CHECK_FALSE(link.server.transport.closed());
  CHECK(link.client.key_exchanges.size() > 3);
  CHECK(now > TimePoint() + 3h);
}
